#include "net/udp_socket.hpp"
