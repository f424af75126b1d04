"""What a change brings: findings now, held against those of an earlier revision."""
