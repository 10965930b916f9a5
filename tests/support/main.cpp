#include <gtest/gtest.h>

#include "support/trap.h"

int main(int argc, char** argv) {
  gainstage::testing::armTrap();
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
