"""Uploads to what is kept of them: decoded and made anew, by programs that can do little harm."""
