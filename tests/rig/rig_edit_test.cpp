#include "rig/rig_edit.h"

#include <gtest/gtest.h>

namespace gainstage::rig {
namespace {

/// "gate split a:amp b:amp2 delay".
std::string inWords(const RigState& rig) {
  std::string words;
  for (const BlockState& block : rig.blocks)
    words += (words.empty() ? "" : " ") +
             std::string(block.chain == Chain::a   ? "a:"
                         : block.chain == Chain::b ? "b:"
                                                   : "") +
             block.id;
  return words;
}

RigState rigOf(std::initializer_list<std::pair<std::string_view, Chain>> blocks) {
  RigState rig;
  for (const auto& [id, chain] : blocks) {
    const bool split = id.starts_with("split");
    rig.blocks.push_back(makeBlockState(*findBlockDeclaration(split ? "split" : "gain"), std::string(id)));
    rig.blocks.back().chain = chain;
  }
  return rig;
}

const RigState kTwoAmps = rigOf({{"gate", Chain::main},
                                 {"split", Chain::main},
                                 {"amp", Chain::a},
                                 {"cab", Chain::a},
                                 {"amp2", Chain::b},
                                 {"delay", Chain::main}});

TEST(RigEdit, AddsBehindTheLastWithAnIdOfItsOwn) {
  RigState rig = kTwoAmps;
  EXPECT_EQ(addBlock(rig, *findBlockDeclaration("gain")).value(), "gain");
  EXPECT_EQ(addBlock(rig, *findBlockDeclaration("gain")).value(), "gain-2");
  EXPECT_EQ(addBlock(rig, *findBlockDeclaration("gain"), "lift").value(), "lift");
  EXPECT_EQ(inWords(rig), "gate split a:amp a:cab b:amp2 delay gain gain-2 lift");
  EXPECT_FALSE(addBlock(rig, *findBlockDeclaration("gain"), "lift").ok());
  EXPECT_FALSE(addBlock(rig, *findBlockDeclaration("gain"), "Lift!").ok());
  while (rig.blocks.size() < kMaxBlocks) ASSERT_TRUE(addBlock(rig, *findBlockDeclaration("gain")).ok());
  EXPECT_FALSE(addBlock(rig, *findBlockDeclaration("gain")).ok());
}

TEST(RigEdit, RemovesASplitWithItsChains) {
  RigState rig = kTwoAmps;
  ASSERT_TRUE(removeBlock(rig, "cab").ok());
  EXPECT_EQ(inWords(rig), "gate split a:amp b:amp2 delay");
  ASSERT_TRUE(removeBlock(rig, "split").ok());
  EXPECT_EQ(inWords(rig), "gate delay");
  EXPECT_FALSE(removeBlock(rig, "split").ok());
}

TEST(RigEdit, MovesABlockIntoTheChainThatStandsThere) {
  const auto moved = [](std::string_view id, std::size_t position, std::optional<Chain> chain = {}) {
    RigState rig = kTwoAmps;
    const auto done = moveBlock(rig, id, position, chain);
    for (std::size_t i = 0; i < rig.blocks.size(); ++i) {
      EXPECT_EQ(chainProblem(rig, i), "");
    }
    return done ? inWords(rig) : "refused";
  };
  EXPECT_EQ(moved("gate", 3), "split a:amp a:gate a:cab b:amp2 delay");
  EXPECT_EQ(moved("delay", 5), "gate split a:amp a:cab a:delay b:amp2");
  EXPECT_EQ(moved("delay", 5, Chain::b), "gate split a:amp a:cab b:delay b:amp2");
  EXPECT_EQ(moved("delay", 6), "gate split a:amp a:cab b:amp2 delay");
  EXPECT_EQ(moved("delay", 6, Chain::b), "gate split a:amp a:cab b:amp2 b:delay");
  EXPECT_EQ(moved("delay", 6, Chain::a), "refused");
  EXPECT_EQ(moved("amp", 1), "amp gate split a:cab b:amp2 delay");
  EXPECT_EQ(moved("amp", 5), "gate split a:cab b:amp2 b:amp delay");
  EXPECT_EQ(moved("amp", 5, Chain::main), "gate split a:cab b:amp2 amp delay");
  EXPECT_EQ(moved("amp", 6), "gate split a:cab b:amp2 delay amp");
  EXPECT_EQ(moved("amp2", 3), "gate split a:amp2 a:amp a:cab delay");
  EXPECT_EQ(moved("amp", 0), "refused");
  EXPECT_EQ(moved("amp", 7), "refused");
  EXPECT_EQ(moved("nobody", 1), "refused");
}

TEST(RigEdit, MovesASplitWithItsChainsAndNotIntoAnother) {
  RigState rig = kTwoAmps;
  ASSERT_TRUE(moveBlock(rig, "split", 1).ok());
  EXPECT_EQ(inWords(rig), "split a:amp a:cab b:amp2 gate delay");
  ASSERT_TRUE(moveBlock(rig, "split", 3).ok());
  EXPECT_EQ(inWords(rig), "gate delay split a:amp a:cab b:amp2");
  EXPECT_FALSE(moveBlock(rig, "split", 4).ok());
  ASSERT_TRUE(addBlock(rig, *findBlockDeclaration("split")).ok());
  EXPECT_FALSE(moveBlock(rig, "split-2", 5).ok());
  ASSERT_TRUE(moveBlock(rig, "split-2", 3).ok());
  EXPECT_EQ(inWords(rig), "gate delay split-2 split a:amp a:cab b:amp2");
}

TEST(RigJson, KeepsTheChainsOfASplit) {
  const RigDocument document{.name = "Two amplifiers", .rig = kTwoAmps};
  const std::string text = rigText(document);
  EXPECT_EQ(parseRig(text, "rig").value(), document);
  EXPECT_EQ(text.find("main"), std::string::npos);
}

TEST(RigJson, RefusesAChainThatIsNowhereToBeHad) {
  const auto error = [](const std::string& blocks) {
    const auto rig =
        parseRig(R"({"gainstage": "rig", "version": 1, "blocks": [)" + blocks + "]}", "rig.json");
    return rig ? "" : rig.error().message;
  };
  const std::string split = R"({"id": "s", "type": "split"},)";
  EXPECT_NE(error(R"({"id": "x", "type": "gain", "chain": "a"})").find("blocks[0].chain needs a split"),
            std::string::npos);
  EXPECT_NE(error(split + R"({"id": "x", "type": "gain"}, {"id": "y", "type": "gain", "chain": "b"})")
                .find("blocks[2].chain needs a split"),
            std::string::npos);
  EXPECT_NE(
      error(split + R"({"id": "x", "type": "gain", "chain": "b"}, {"id": "y", "type": "gain", "chain": "a"})")
          .find("blocks[2].chain is a behind b"),
      std::string::npos);
  EXPECT_NE(error(split + R"({"id": "x", "type": "split", "chain": "a"})")
                .find("blocks[1].chain belongs to a split"),
            std::string::npos);
  EXPECT_NE(error(split + R"({"id": "x", "type": "gain", "chain": "c"})").find("blocks[1].chain"),
            std::string::npos);
}

}  // namespace
}  // namespace gainstage::rig
