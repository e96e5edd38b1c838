#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Namespaces end: the balancer's under traffic, the client's and the real's, and
# many at once. For the network see topo_nat in topo.sh.

# Cases are called by name.
# shellcheck disable=SC2317 source=tests/traffic/lib.sh
. "$(dirname "$0")/traffic/lib.sh"

configure()
{
	ctl vip add V4 "$VIP4" tcp,udp 25 mode nat check off &&
		ctl real add V4 R1 192.168.31.20 &&
		ctl vip add V6 "$VIP6" tcp,udp 25 mode nat check off &&
		ctl real add V6 R1 fd31::20 &&
		ctl vip add D4 "$VIP4" tcp,udp 26 mode dr check off &&
		ctl real add D4 R1 192.168.31.20
}

# port_gone PORT - a namespace has ended when its devices have
port_gone()
{
	! ip -n "$lan" link show "$1" > /dev/null 2>&1
}

new_balancer()
{
	add_ns lb && plug "$lb" eth0 30 02 && plug "$lb" eth1 31 02 &&
		topo_vip "$lb" eth0
}

# The floods go on all the time; each new balancer gets them at once.
balancer_ends()
{
	local i

	configure && flood "$client" "$VIP4" 25 && flood "$client" "$VIP6" 25 ||
		return
	for ((i = $(times 3); i; i--)); do
		end_ns "$lb"
		eventually port_gone p30-02 && eventually port_gone p31-02 &&
			new_balancer && configure &&
			in_ns "$client" load asku "$VIP4" 25 1 || return
	done
	end_ns "$lb"
	unflood
}

# forget_soon NS - connections whose process has ended hold their namespace, and
# what the old balancer knew nobody answers now
forget_soon()
{
	in_ns "$1" sysctl -qw net.ipv4.tcp_orphan_retries=1 \
		net.ipv4.tcp_fin_timeout=2
}

# What the balancer knows of them must not keep them.
others_end()
{
	new_balancer && forget_soon "$client" && forget_soon "$real1" && configure && flood "$client" "$VIP4" 25 &&
		flood "$client" "$VIP6" 25 || return
	end_ns "$client"
	eventually port_gone p30-50 || return

	add_ns client && plug "$client" eth0 30 50 &&
		topo_route "$client" 30 2 &&
		flood "$client" "$VIP4" 25 || return
	end_ns "$real1"
	eventually port_gone p31-20 || return

	add_ns real1 && plug "$real1" eth0 31 20 &&
		topo_route "$real1" 31 2 &&
		start_server "$real1" s1 {tcp,udp}/25 &&
		in_ns "$client" load asku "$VIP4" 25 1 || return
	unflood
	end_ns "$lb" "$client" "$real1"
	eventually port_gone p30-02
}

# many_batch COMMAND - for lbctl in each
many()
{
	local i

	for ((i = $(times 40); i; i--)); do
		"$@" "l4lb-many-$$-$i" || return
	done
}

many_fill()
{
	lb=$1
	ctl vip add V 192.0.2.1 tcp,udp 25 mode nat check off &&
		ctl real add V R1 192.0.2.20
}

many_end()
{
	local batch
	# For the end, should this fail.
	mapfile -t ns_list < <(printf '%s\n' "${ns_list[@]}"
		many echo)
	batch=$(many echo netns add) && ip -batch - <<< "$batch" &&
		many many_fill || return
	batch=$(many echo netns del) && ip -batch - <<< "$batch" || return
	unload && load_module
}

# The module goes while they are on their way.
module_goes_while_they_end()
{
	local batch i

	for ((i = $(times 2); i; i--)); do
		batch=$(many echo netns add) && ip -batch - <<< "$batch" &&
			many many_fill || return
		batch=$(many echo netns del) && ip -batch - <<< "$batch" &
		unload || return
		wait $!
		many ip netns del 2> /dev/null
		load_module || return
	done
}

# The balancer's devices go with the other ends of their links.
module_goes_while_the_network_ends()
{
	local i

	for ((i = $(times 3); i; i--)); do
		topo_nat && start_server "$real1" s1 {tcp,udp}/25 &&
			configure && flood "$client" "$VIP4" 25 &&
			flood "$client" "$VIP6" 25 || return
		end_ns "$lan" &
		unload || return
		wait $!
		unflood
		end_ns "${ns_list[@]}"
		load_module || return
	done
}

topo_nat || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"

ktap_plan 5
ktap_run "the balancer's ends under traffic"		balancer_ends
end_ns "$lb"
ktap_run "the client's and the real's end"		others_end
ktap_run "many with VIPs end at once"			many_end
ktap_run "the module goes while they end"		module_goes_while_they_end
end_ns "${ns_list[@]}"
ktap_run "the module goes while the network ends"	module_goes_while_the_network_ends
ktap_exit
