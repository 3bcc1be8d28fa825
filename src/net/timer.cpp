#include "net/timer.hpp"
