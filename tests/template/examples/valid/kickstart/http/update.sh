#!/bin/sh
dnf -y update
