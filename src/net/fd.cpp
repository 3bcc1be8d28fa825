#include "net/fd.hpp"
