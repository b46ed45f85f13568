"""Joins the stages: read, resolve, check, plan, apply, boot. The only module that knows them all."""
