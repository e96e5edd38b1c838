#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Devices go under traffic: towards the clients, towards the reals, the one with
# the VIP's address, and one that moves away. None may wait for the module. For
# the network see topo_nat in topo.sh.

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
		ctl real add D4 R1 192.168.31.20 &&
		ctl vip add D6 "$VIP6" tcp,udp 26 mode dr check off &&
		ctl real add D6 R1 fd31::20
}

flood_all()
{
	flood "$client" "$VIP4" 25 && flood "$client" "$VIP6" 25 || return
	# Nobody answers these.
	enter "$stranger" load flood "$VIP4" 26 "$FLOOD_PAUSE" > /dev/null 2>&1 &
	flood_pid+=($!)
	enter "$stranger" load flood "$VIP6" 26 "$FLOOD_PAUSE" > /dev/null 2>&1 &
	flood_pid+=($!)
}

works()
{
	in_ns "$client" load asku "$VIP4" 25 1 &&
		in_ns "$client" load asku "$VIP6" 25 1
}

# remove DEVICE - it must be gone when ip returns, which waits for the last user
remove()
{
	timeout "$PATIENT" ip -n "$lb" link del "$1"
}

side_of_the_real()
{
	local i

	for ((i = $(times 2); i; i--)); do
		remove eth1 || return
		becomes no-route real_get V4 R1 reach &&
			becomes no-route real_get V6 R1 reach &&
			plug "$lb" eth1 31 02 && works || return
	done
}

# Its connections hold the way back to the client.
side_of_the_client()
{
	local i

	for ((i = $(times 2); i; i--)); do
		remove eth0 || return
		becomes no-address vip_get V4 state &&
			becomes no-address vip_get V6 state &&
			plug "$lb" eth0 30 02 && topo_vip "$lb" eth0 &&
			works || return
	done
}

device_of_the_vip()
{
	local i

	ip -n "$lb" addr del "$VIP4/32" dev eth0
	ip -n "$lb" addr del "$VIP6/128" dev eth0
	for ((i = $(times 2); i; i--)); do
		ip -n "$lb" link add vip0 type dummy &&
			ip -n "$lb" link set vip0 up &&
			topo_vip "$lb" vip0 || return
		# Who looks for the address finds it on eth0, as before.
		becomes up vip_get V4 state && becomes up vip_get V6 state &&
			in_ns "$client" load asku "$VIP4" 25 1 || return
		remove vip0 || return
		becomes no-address vip_get V4 state || return
	done
	topo_vip "$lb" eth0 && works
}

device_moves_away()
{
	ip -n "$lb" link set eth1 netns "$stranger" || return
	becomes no-route real_get V4 R1 reach || return
	ip -n "$stranger" link del eth1 && plug "$lb" eth1 31 02 && works
}

# Both ends of the link, one after the other, while packets are on it.
up_and_down()
{
	local i

	for ((i = $(times 3); i; i--)); do
		ip -n "$lb" link set eth1 down
		ip -n "$lan" link set p30-02 down
		ip -n "$lb" link set eth1 up
		ip -n "$lan" link set p30-02 up
		ip -n "$lb" link set eth0 mtu $((1300 + i))
	done
	ip -n "$lb" link set eth0 mtu 1500
	ip -n "$lb" addr replace fd31::2/64 dev eth1 nodad
	ip -n "$lb" addr replace fe80::31:2/64 dev eth1 nodad
	works
}

# Reals' and clients' neighbours share a device that is nobody's route.
tunnel_of_vlans()
{
	ip -n "$lb" link add link eth1 name eth1.5 type vlan id 5 &&
		ip -n "$lb" link set eth1.5 up &&
		ip -n "$lb" route add 192.168.31.20/32 dev eth1.5 || return
	becomes ok real_get V4 R1 reach || return
	craft udp 4000 count 20 step
	remove eth1.5 && becomes ok real_get V4 R1 reach && works
}

module_goes_with_the_devices()
{
	remove eth1 &
	unload
	same 0 $? "status of rmmod" || return
	wait $!
	remove eth0 && load_module
}

topo_nat || ksft_skip_all "no network"
start_server "$real1" s1 {tcp,udp}/25 || ksft_skip_all "no server"
configure || ksft_skip_all "no VIPs"
flood_all || ksft_skip_all "no traffic"

ktap_plan 7
ktap_run "the device towards the reals"		side_of_the_real
ktap_run "the device towards the clients"	side_of_the_client
ktap_run "the device of the VIP"		device_of_the_vip
ktap_run "a device that moves away"		device_moves_away
ktap_run "devices go up and down"		up_and_down
ktap_run "a device above another"		tunnel_of_vlans
ktap_run "the module goes with the devices"	module_goes_with_the_devices
unflood
ktap_exit
