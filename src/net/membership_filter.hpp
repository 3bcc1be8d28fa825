#pragma once

#include <linux/filter.h>
#include <vector>

#include "querent/address.hpp"

// Which packets the kernel keeps for the sockets of a segment, as classic BPF programs.

namespace querent::net {

// For a packet socket: IGMP or MLD that is not for another host, and that came by this interface.
// The kernel strips a VLAN tag before such a socket sees the frame; what is left of the tag is that
// the frame is for another host. A child's frames carry the child's index. Of IPv6 also ICMPv6
// behind one routing, destination or fragment header, if it goes to a group of the link: to be
// counted.
std::vector<sock_filter> membership_from_the_wire(Family family, int interface_index);

// For a raw socket: what the own host says as a member, looped back. Queries are what we have sent
// ourselves: to be woken by each would double the wakeups of an idle querier.
std::vector<sock_filter> membership_of_own_host(Family family);

}  // namespace querent::net
