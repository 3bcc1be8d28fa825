#include "app/log.hpp"
