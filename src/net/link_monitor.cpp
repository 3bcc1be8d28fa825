#include "net/link_monitor.hpp"
