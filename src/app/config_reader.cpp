#include "app/config_reader.hpp"
