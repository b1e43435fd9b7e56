#!/usr/bin/env bash
# Runs FaceLandmark on a Debian or Ubuntu machine: ./run.sh [verb] [arguments]; ./run.sh --help names the verbs.
# What is missing is installed, fetched and built first; when nothing is, that takes a blink.
set -u
# shellcheck source=scripts/setup.sh
source "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")/scripts/setup.sh"
# Streams and video files are decoded by the system's ffmpeg.
[[ " $*" != *"://"* && ! " ${*,,}" =~ \.(mp4|mkv|avi|mov|webm|m4v|ts)(\ |$) && ${1-} != video ]] || STREAMS=yes
setup run || exit
# The bare demonstration imitates a DRP-AI where there is none, so that every mode can be tried.
[[ $# -gt 0 || -e /dev/drpai0 ]] || export Engines__DrpAi__Device=${Engines__DrpAi__Device-emulated}
# Small pools of memory (decision 157).
export DOTNET_GCgen0size=${DOTNET_GCgen0size-0x400000} MALLOC_ARENA_MAX=${MALLOC_ARENA_MAX-2}
# No change of folder: files among the arguments are the caller's.
exec dotnet "$PROGRAM" "$@"
