#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lbcheckd as a daemon: it ends and starts without anybody noticing, there is
# one of it, it tells people, and checks once when it is asked to. For the
# network see checker/lib.sh.

# Cases are called by name, through ktap_run.
# shellcheck disable=SC2317 source=tests/checker/lib.sh
. "$(dirname "$0")/checker/lib.sh"

told=$tmp/told

health_of()
{
	real SMTP "$1" health since reason flaps
}

# HT1 is checked again; it takes a hundred failures to change its health.
checks_go_on()
{
	logs "read " && unlisten "$server1" 25 &&
		becomes SMTP HT1 result down || return
	listen "$server1" 25
	becomes SMTP HT1 result up
}

test_restart()
{
	local up down

	unlisten "$server2" 25 && becomes SMTP HT2 health down &&
		ctl vip set SMTP check fall 100 &&
		up=$(health_of HT1) && down=$(health_of HT2) && daemon_stop &&
		expect "$up" health_of HT1 && expect "$down" health_of HT2 &&
		daemon_start && checks_go_on &&
		expect "$up" health_of HT1 && expect "$down" health_of HT2 &&
		! grep -E ': (up|down):' "$log" || return
	listen "$server2" 25
	becomes SMTP HT2 health up
}

# Killed, it leaves the socket of its metrics behind.
test_killed()
{
	local up

	ctl vip set SMTP check fall 100 && up=$(health_of HT1) || return
	daemon_kill KILL
	busywait "$PATIENCE" test -s "$tmp/status" && daemon_start &&
		checks_go_on && expect "$up" health_of HT1
}

test_reload()
{
	unload_module && logs "the module is not loaded; waiting for it" &&
		load_module && logs "connected to the module" && configure &&
		becomes SMTP HT1 health up && becomes SMTP HT2 health up
}

test_single()
{
	fail_with "another lbcheckd runs in this network namespace" \
		lbcheckd -n "$lb"
}

is_claimed()
{
	grep -q " @l4lb-lbcheckd$" "/proc/$(< "$tmp/$lb.claim")/net/unix"
}

# Nobody can keep it from its work by a name.
test_claimed()
{
	local status

	daemon_stop && ctl show | grep -q "no checker is running" || return
	start_there "$lb" claim socat -u ABSTRACT-RECV:l4lb-lbcheckd \
		OPEN:/dev/null
	busywait "$PATIENCE" is_claimed && daemon_start && checks_go_on &&
		! ctl show | grep -q "no checker" &&
		expect 711 stat -c %a /run/l4lb && is_so SMTP HT2 health up
	status=$?
	kill "$(< "$tmp/$lb.claim")"
	return "$status"
}

# Two VIPs with the same server and check: what one is told the other is, too.
test_shared()
{
	ctl vip add OTHER "$VIP" tcp 26 check tcp port 25 "${CHECK[@]}" \
		rise 2 fall 2 &&
		ctl real add OTHER HT1 192.168.31.20 &&
		becomes OTHER HT1 health up && unlisten "$server1" 25 &&
		becomes SMTP HT1 health down && becomes OTHER HT1 health down
}

test_now_up()
{
	local said

	said=$(lbcheckd -n "$lb" -c SMTP/HT1) || return
	[[ $said == *"up: tcp 25: connected ("*"s)" ]] || {
		echo "$said"
		return 1
	}
	said=$(ctl real check SMTP HT1) || return
	[[ $said == *"up: tcp 25: connected ("*"s)" ]] || {
		echo "$said"
		return 1
	}
	said=$(ctl -j real check SMTP HT1) &&
		[[ $said == *'"result":"up"'* ]] || return
	said=$(lbcheckd -n "$lb" -j -c SMTP/HT1) &&
		[[ $said == '{"vip":"SMTP","real":"HT1",'*'"result":"up"'* ]]
}

test_now_down()
{
	local said

	unlisten "$server1" 25 || return
	said=$(lbcheckd -n "$lb" -c SMTP/HT1) && return 1
	[[ $said == *"down: tcp 25: connection refused ("*"s)" ]] &&
		expect_status 1 ctl real check SMTP HT1 &&
		expect_status 4 ctl real check SMTP NONE &&
		expect_status 4 lbcheckd -n "$lb" -c SMTP/NONE &&
		expect_status 4 lbcheckd -n "$lb" -c NONE/HT1 &&
		expect_status 1 lbcheckd -n "$lb" -c SMTP &&
		expect_status 2 lbcheckd -n "$lb" -j
}

# Changes come all the time, of the very server too; nobody is told of a change
# that is none.
test_reading()
{
	local i

	# Before it reads, it logs what it has told so far.
	ctl vip set SMTP check fall 100 && logs "read " || return
	: > "$log"
	for ((i = 1; i <= 40; i++)); do
		ctl vip set SMTP check rise $((i % 3 + 1)) || return
	done
	checks_go_on && is_so SMTP HT1 health up && is_so SMTP HT2 health up &&
		! grep -E ': (up|sick):|cannot' "$log" || return
	ctl vip set SMTP check fall 2 && unlisten "$server2" 25 || return
	for ((i = 1; i <= 20; i++)); do
		ctl vip set SMTP check rise $((i % 3 + 1)) || return
	done
	becomes SMTP HT2 "health result" "down down" || return
	listen "$server2" 25
	becomes SMTP HT2 health up
}

has_told()
{
	[[ $(cat "$told" 2> /dev/null) == *"$1"* ]]
}

test_notify()
{
	unlisten "$server1" 25 &&
		busywait "$PATIENCE" has_told "health SMTP HT1 192.168.31.20 25 up down tcp 25: connection refused" ||
		return
	listen "$server1" 25
	busywait "$PATIENCE" has_told "health SMTP HT1 192.168.31.20 25 down up tcp 25: connected"
}

# watch FILE [OPTION] - what happens from here on
watch()
{
	local file=$1
	shift

	lbctl -n "$lb" "$@" monitor > "$file" 2>&1 &
	monitors+=($!)
	busywait "$PATIENCE" watches "$file"
}

# Events of a VIP that is made for the purpose are seen.
watches()
{
	ctl vip add sign "$VIP" udp 9 && ctl vip del sign && [ -s "$1" ]
}

# What took how long is told with what it has found: at least 150 ms there and
# back for what is refused, and for what answers, and less than the check waits.
# A number is the same in either form.
test_round_trip()
{
	local monitors=()

	ctl vip set SMTP check interval 10s timeout 10s fast 300ms &&
		in_ns "$server1" tc qdisc add dev eth0 root netem delay 150ms &&
		watch "$tmp/text" && watch "$tmp/json" -j || return
	unlisten "$server1" 25 && becomes SMTP HT1 health down || return
	listen "$server1" 25
	becomes SMTP HT1 health up && ctl vip add end "$VIP" udp 9 &&
		busywait "$PATIENCE" has_both '^.*new vip end' \
			'"new".*"vip":{"name":"end"' &&
		in_ns "$server1" tc qdisc del dev eth0 root &&
		kill "${monitors[@]}" || return
	wait "${monitors[@]}"

	sed -nE 's/^.* health real SMTP\/HT1: (up|down): tcp 25: .* \(([0-9.]+m?s)\)$/\1 \2/p' \
		"$tmp/text" > "$tmp/text.told"
	jq -r 'select(.event == "health" and .real.name == "HT1") |
		"\(.real.health) \(.real.rtt_us)"' "$tmp/json" > "$tmp/json.told"
	cat "$tmp/text" "$tmp/json.told"
	awk '{
		if ($2 < 1000000)
			printf "%s %d.%dms\n", $1, $2 / 1000, $2 % 1000 / 100
		else
			printf "%s %d.%02ds\n", $1, $2 / 1000000,
				$2 % 1000000 / 10000
	}' "$tmp/json.told" | diff "$tmp/text.told" - &&
		awk '{ print $1; slow += $2 >= 150000 && $2 < 10000000 }
			END { print slow == NR }' "$tmp/json.told" |
			sort -u > "$tmp/told.both" &&
		diff "$tmp/told.both" - <<-EOT
			1
			down
			up
		EOT
}

# has_both TEXT JSON - the last that was done has been told
has_both()
{
	grep -q "$1" "$tmp/text" && grep -q "$2" "$tmp/json"
}

require_tool ip jq lbcheckd lbctl socat tc
load_module || ksft_skip_all "the module cannot be loaded"
cat > "$tmp/notify" <<EOT
#!/bin/bash
echo "\$L4LB_EVENT \$L4LB_VIP \$L4LB_REAL \$L4LB_ADDRESS \$L4LB_PORT" \
	"\$L4LB_OLD \$L4LB_HEALTH \$L4LB_REASON" >> $told
EOT
chmod 755 "$tmp/notify"
options=(-N "$tmp/notify" -m "unix:$tmp/metrics")
setup || ksft_skip_all "the servers cannot be set up"
ktap_plan 11
ktap_run "a restart changes nothing" fresh test_restart
ktap_run "a sudden end changes nothing" fresh test_killed
ktap_run "the module may be unloaded and loaded" fresh test_reload
ktap_run "there is one in a network namespace" fresh test_single
ktap_run "nobody else can claim its place" fresh test_claimed
ktap_run "checks go on while much is read" fresh test_reading
ktap_run "a server in two vips is known in both" fresh test_shared
ktap_run "one that is up is checked now" fresh test_now_up
ktap_run "one that is not is checked now" fresh test_now_down
ktap_run "how long it took is told" fresh test_round_trip
ktap_run "people are told" fresh test_notify
ktap_exit
