"""Telling clients what happens, while it happens: by server-sent events and WebSockets.

One hub for each process reads each event once (`hub`), finds out whom it concerns and renders it
(`deliveries`), and puts it into the queue of each stream (`streams`).
"""
