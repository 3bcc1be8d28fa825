#include "app/link.hpp"
