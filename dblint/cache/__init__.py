"""What is kept between runs, in the cache folder of the user. All of it can be lost at any time."""
