#include "net/sys_error.hpp"
