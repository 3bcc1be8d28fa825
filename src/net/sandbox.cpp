#include "net/sandbox.hpp"
