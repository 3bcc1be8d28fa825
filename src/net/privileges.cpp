#include "net/privileges.hpp"
