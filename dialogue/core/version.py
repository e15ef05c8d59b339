"""The version, in its own module so that no other one has to import the top of the package."""

VERSION = "0.1.0"
