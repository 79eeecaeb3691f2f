"""Streaming for a long time while watching memory: does a session keep what it will never read again?"""
