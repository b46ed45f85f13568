#!/bin/sh
sleep 300
