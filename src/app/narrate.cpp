#include "app/narrate.hpp"
