#include "net/raw_socket.hpp"
