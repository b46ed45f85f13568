"""Joins the stages: read, resolve, check, plan, apply, boot. Nothing else knows them all."""
