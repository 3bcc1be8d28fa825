#include "net/packet_socket.hpp"
