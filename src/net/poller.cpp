#include "net/poller.hpp"
