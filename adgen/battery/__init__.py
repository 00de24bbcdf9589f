"""The checks that every entry of the rule table passes, and that `adgen.check_rule` makes of a user's rule."""
