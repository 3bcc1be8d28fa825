#include "net/clock.hpp"
