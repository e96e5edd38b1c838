#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# What a server's agent says of it. For the network see checker/lib.sh; HT1 has
# an agent on port 8888 that says what is in $answer.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/checker/lib.sh
. "$(dirname "$0")/checker/lib.sh"

answer=$tmp/answer
# How often agents are asked, which is how long they may take, too: it takes them
# a process for each answer.
pace=(interval 2s timeout 2s)

# ask WORDS - the agent says them from now on, and is asked
ask()
{
	# It may be read at any time.
	echo "$*" > "$answer.new"
	mv "$answer.new" "$answer"
	is_alive "$server1" 8888 || says "$server1" 8888 "$answer" || return
	ctl vip set SMTP check "${pace[@]}" agent 8888
}

# ask_once SECONDS WORDS - the same, but HT1's is asked at once, and not again
# within a time that is longer than anything takes; with another number it is
# asked anew. Of answers that fail in a row only the first is told: that must be
# the one that is waited for.
ask_once()
{
	pace=(interval "$1s" timeout "$1s")
	shift
	ask "$@"
}

# wants WEIGHT STATE
wants()
{
	becomes SMTP HT1 "agent_weight agent_state" "$1 $2"
}

test_weight()
{
	ask "75%" && wants 75 online && expect 100 real SMTP HT1 weight &&
		ask "0%" && wants 0 online &&
		ask "up 130%" && wants 130 online
}

test_state()
{
	ask drain && wants 100 drain && expect online real SMTP HT1 state &&
		ask maint && wants 100 halt &&
		ask ready && wants 100 online &&
		ask "down #disk full" && wants 100 halt &&
		becomes SMTP HT1 result_text \
			"tcp 25: connected; agent: down #disk full" &&
		is_so SMTP HT1 health up &&
		ask up && wants 100 online &&
		becomes SMTP HT1 result_text "tcp 25: connected"
}

# Words that are not named leave what was before.
test_kept()
{
	ask "50% drain" && wants 50 drain && ask "60%" && wants 60 drain &&
		ask ready && wants 60 online
}

test_nonsense()
{
	ask_once 300 "50%" && wants 50 online &&
		ask_once 301 "perhaps 10%" &&
		logs "nothing from its agent: not understood: perhaps 10%" &&
		is_so SMTP HT1 "agent_weight agent_state" "50 online" &&
		ask_once 302 "20%" && wants 20 online
}

# HT2 has no agent at all: that is told once, and changes nothing.
test_silent()
{
	ctl real set SMTP HT2 check tcp "${CHECK[@]}" agent 8888 &&
		ask_once 300 "50%" && wants 50 online &&
		unlisten "$server1" 8888 &&
		ctl vip set SMTP check interval 301s timeout 301s &&
		logs "SMTP/HT1 192.168.31.20:25: nothing from its agent: agent 8888: connection refused" &&
		logs "SMTP/HT2 192.168.32.21:25: nothing from its agent: agent 8888: connection refused" &&
		is_so SMTP HT1 "health agent_weight" "up 50" &&
		is_so SMTP HT2 "health agent_weight" "up 100" &&
		expect 1 grep -c "HT2.*nothing from its agent" "$log"
}

test_off()
{
	ask "50% drain" && wants 50 drain &&
		ctl vip set SMTP check agent off && wants 100 online
}

# Agents are heard without a check, too.
test_unchecked()
{
	ask "40%" && ctl vip set SMTP check external agent 8888 &&
		wants 40 online &&
		becomes SMTP HT1 result_text "agent: 40%"
}

# A daemon that starts anew takes over what was wanted.
test_restart()
{
	ask "50% drain" && wants 50 drain && daemon_stop &&
		is_so SMTP HT1 "agent_weight agent_state" "50 drain" &&
		daemon_start && ask "55%" && wants 55 drain
}

require_tool ip lbcheckd lbctl socat
load_module || ksft_skip_all "the module cannot be loaded"
setup || ksft_skip_all "the servers cannot be set up"
ktap_plan 8
ktap_run "a weight is a share of the configured one" fresh test_weight
ktap_run "a state is wanted, and health is another matter" fresh test_state
ktap_run "what is not named stays" fresh test_kept
ktap_run "nonsense changes nothing" fresh test_nonsense
ktap_run "silence changes nothing" fresh test_silent
ktap_run "without an agent nothing is wanted" fresh test_off
ktap_run "a real that is not checked has an agent" fresh test_unchecked
ktap_run "a restart keeps what was wanted" fresh test_restart
ktap_exit
