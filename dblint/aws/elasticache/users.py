"""Users of role-based access, and their groups."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, in_lower_case
from dblint.properties import Secret, prop
from dblint.view import Part, View, part, several

# The user that AWS makes, which may do everything and needs no password.
BUILT_IN_USER = "default"


class Authentication(Part):
    Passwords: Secret = prop("passwords")
    Type: str | None = prop("type")


class User(
    View,
    cloudformation="AWS::ElastiCache::User",
    terraform="aws_elasticache_user",
    identity="UserId",
    reference=CLOUDFORMATION + "aws-resource-elasticache-user.html",
):
    AccessString: str | None = prop("access_string")
    AuthenticationMode: Authentication = part(Authentication, "authentication_mode")
    NoPasswordRequired: bool = prop("no_password_required", default=False)
    Passwords: Secret = prop(("passwords", "passwords_wo"))
    UserId: str = prop("user_id", replaces=True)
    UserName: str = prop("user_name", replaces=True)

    @property
    def readable_secret(self) -> bool:
        """Whether one of its passwords stands in the code."""
        return self.Passwords.readable or self.AuthenticationMode.Passwords.readable

    @property
    def lets_anybody_in(self) -> bool:
        """Whether it needs no password, is on, and may run some command."""
        needs_none = self.NoPasswordRequired or in_lower_case(self.AuthenticationMode.Type) == "no-password-required"
        return needs_none and _grants(self.AccessString)


def _grants(access: str | None) -> bool:
    """Whether an access string is on and allows a command: "on ~* +@all"."""
    rules = access.split() if access is not None else []
    return "on" in rules and any(rule.startswith("+") or rule == "allcommands" for rule in rules)


class UserGroup(
    View,
    cloudformation="AWS::ElastiCache::UserGroup",
    terraform="aws_elasticache_user_group",
    identity="UserGroupId",
    reference=CLOUDFORMATION + "aws-resource-elasticache-usergroup.html",
):
    UserGroupId: str = prop("user_group_id", replaces=True)
    UserIds: tuple[str, ...] = prop("user_ids", default=())

    users: tuple[User, ...] = several("AWS::ElastiCache::User", by="UserIds")

    @property
    def lets_anybody_in(self) -> bool:
        """Whether the user that AWS makes is one of its users. One that the code makes is not that one."""
        named = zip(self.UserIds, self.users)
        return any(user_id == BUILT_IN_USER for user_id, user in named if not user.resource.address)
