#include "net/signals.hpp"
