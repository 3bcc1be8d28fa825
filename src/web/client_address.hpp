#pragma once

#include <string>
#include <string_view>

namespace querent::web {

// Who counts as one client where requests at once are limited: an IPv4 address; the /64 of an IPv6
// address, because one host may have all of it; but a link-local address, with its interface, for
// itself: their prefix is the same everywhere.
std::string client_of(std::string_view peer);

}  // namespace querent::web
