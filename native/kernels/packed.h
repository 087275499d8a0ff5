// How weights lie in memory when a product runs over them: one layout for every processor and every number of rows.
#pragma once

#include <cstdint>

namespace hone {

/// Outputs [output, input] lie in panels of this many outputs, one panel after the other; the last is filled up with
/// zeros. Inside a panel, inputs follow each other, all outputs of one side by side: [panel][input][32] in float32. In
/// bfloat16 inputs go in pairs, [panel][input / 2][32][2], which is what the processor's own products read, and what
/// two shifts turn into floats where it has none.
inline constexpr int64_t kPanel = 32;

/// Inputs of a panel are filled up with zeros to a multiple of this.
inline constexpr int64_t kPanelInputs = 32;

/// How the weights of a matrix are written down; Hone.Torch.WeightCode has the same.
enum class WeightCode : int64_t {
  Plain,  // in the compute dtype
  Int8,   // 8 bits, a scale for 128 inputs, which are turned (vector/turning.h)
  Q80,    // 8 bits, a scale for 32, as GGUF's q8_0
  Q40,    // 4 bits, a scale for 32, as GGUF's q4_0
  Q41,    // 4 bits, a scale and a least number for 32, as GGUF's q4_1
};

inline constexpr int64_t kWeightCodes = 5;

/// Inputs that are turned together.
inline constexpr int64_t kTurned = 128;

/// A weight in few bits is scale · (code − zero) + least. Codes are unsigned; scales and least numbers are in half
/// precision, for each output and block of inputs. A panel is a row of blocks, each: codes, four inputs of an output
/// side by side, [input / 4][32][4], in 4 bits the next four in the upper halves, [input / 8][32][4]; then scales [32];
/// then least numbers [32] where there are any.
// Inlined always: compilations for several processors share this file.
struct CodeFormat {
  int64_t bits;
  int64_t block;
  bool least;
  bool turned = false;  // the block's inputs, and what they are multiplied with

  [[gnu::always_inline]] constexpr int32_t zero() const { return least ? 0 : 1 << (bits - 1); }
  [[gnu::always_inline]] constexpr int64_t code_bytes() const { return block * kPanel * bits / 8; }
  [[gnu::always_inline]] constexpr int64_t block_bytes() const { return code_bytes() + (least ? 2 : 1) * 2 * kPanel; }
  [[gnu::always_inline]] constexpr int64_t head_bytes() const { return least ? 4 : 2; }  // of a block of GGUF
  [[gnu::always_inline]] constexpr int64_t file_bytes() const { return head_bytes() + block * bits / 8; }
  [[gnu::always_inline]] constexpr int64_t blocks(int64_t inputs) const { return (inputs + block - 1) / block; }
};

[[gnu::always_inline]] constexpr CodeFormat format_of(WeightCode code) {
  switch (code) {
    case WeightCode::Q80:
      return {8, 32, false};
    case WeightCode::Q40:
      return {4, 32, false};
    case WeightCode::Q41:
      return {4, 32, true};
    default:
      return {8, kTurned, false, true};
  }
}

/// What belongs to the codes of one block of a row that is multiplied: number = scale · code.
struct CodeBlock {
  float scale;
  int32_t sum;  // of the codes
};

/// Rows in 8 bits, each with its blocks.
struct CodedRows {
  int8_t* codes;
  int64_t stride;
  CodeBlock* blocks;
  int64_t block_stride;

  [[gnu::always_inline]] CodedRows from(int64_t row) const {
    return {codes + row * stride, stride, blocks + row * block_stride, block_stride};
  }
};

}  // namespace hone
