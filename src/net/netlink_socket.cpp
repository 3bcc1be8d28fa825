#include "net/netlink_socket.hpp"
