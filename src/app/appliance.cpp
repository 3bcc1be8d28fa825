#include "app/appliance.hpp"
