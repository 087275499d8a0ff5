// Products with weights in few bits (../packed.h): sums of codes are integers and exact, so that every instruction set
// has the same ones.
#pragma once

#include "../kernels.h"
#include "half.h"
#include "packed_product.h"

namespace hone::HONE_ISA {

/// Rows of a tile, at most.
inline constexpr int kCodedRows = kWidth == 16 ? 8 : 4;

/// The bytes that are asked for ahead of the ones in use.
inline constexpr int64_t kCodedAhead = 4096;

/// sum + Σ of the products of four unsigned codes in each word with the four signed ones of x.
inline Ints add_products(Ints sum, Words codes, int32_t x) {
#if defined(__AVX512VNNI__)
  return bit_cast<Ints>(
      _mm512_dpbusd_epi32(bit_cast<__m512i>(sum), bit_cast<__m512i>(codes), _mm512_set1_epi32(x)));
#elif defined(__AVX512BW__)
  const __m512i all = _mm512_set1_epi32(x), even = _mm512_srai_epi16(_mm512_slli_epi16(all, 8), 8);
  return sum + bit_cast<Ints>(_mm512_madd_epi16(bit_cast<__m512i>(codes & 0x00ff00ffu), even)) +
         bit_cast<Ints>(
             _mm512_madd_epi16(bit_cast<__m512i>((codes >> 8) & 0x00ff00ffu), _mm512_srai_epi16(all, 8)));
#elif defined(__AVX2__)
  const __m256i all = _mm256_set1_epi32(x), even = _mm256_srai_epi16(_mm256_slli_epi16(all, 8), 8);
  return sum + bit_cast<Ints>(_mm256_madd_epi16(bit_cast<__m256i>(codes & 0x00ff00ffu), even)) +
         bit_cast<Ints>(
             _mm256_madd_epi16(bit_cast<__m256i>((codes >> 8) & 0x00ff00ffu), _mm256_srai_epi16(all, 8)));
#else
  for (int i = 0; i < 4; i++) {
    sum += bit_cast<Ints>((codes >> (8 * i)) & 0xffu) * static_cast<int32_t>(static_cast<int8_t>(x >> (8 * i)));
  }

  return sum;
#endif
}

inline Words load_words(const uint8_t* from) {
  Words words;
  __builtin_memcpy(&words, from, sizeof words);
  return words;
}

inline int32_t load_word(const int8_t* from) {
  int32_t word;
  __builtin_memcpy(&word, from, sizeof word);
  return word;
}

/// What a block's sums of codes begin with: codes are meant less `zero`, and what that is over the block is known of x
/// alone.
inline Ints owed(const CodeFormat& format, const CodeBlock& block) { return splat(-format.zero() * block.sum); }

/// A block's sums of codes, as numbers, added to those of the blocks before.
inline Floats add_block(Floats before, Ints sum, Floats scale, const CodeBlock& block) {
  return multiply_add(__builtin_convertvector(sum, Floats), scale * block.scale, before);
}

/// Sums of codes that grow side by side, so that a product need not wait for the one before: sums are exact in any
/// order. Many rows have enough without.
template <int Rows>
inline constexpr int kSums = Rows == 1 ? 4 : 1;

/// Sums of one step of a block: 2 where the halves of bytes have one each.
template <WeightCode Code, int Rows>
inline constexpr int kStepSums = format_of(Code).bits == 4 && kSums<Rows> > 1 ? 2 : 1;

/// sums += the products of one step of a block: 4 inputs in 8 bits, 8 in 4.
template <WeightCode Code, int Rows>
inline void add_step(const int8_t* const* x, int64_t step, const uint8_t* weights, Ints (*sums)[Rows][kPanelVectors]) {
  auto& sum = sums[0];
  auto& upper = sums[kStepSums<Code, Rows> - 1];
#pragma GCC unroll 8
  for (int v = 0; v < kPanelVectors; v++) {
    const Words codes = load_words(weights + v * kWidth * 4);
    if constexpr (format_of(Code).bits == 8) {
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) {
        sum[r][v] = add_products(sum[r][v], codes, load_word(x[r] + 4 * step));
      }
    } else {
      const Words low = codes & 0x0f0f0f0fu, high = (codes >> 4) & 0x0f0f0f0fu;
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) {
        sum[r][v] = add_products(sum[r][v], low, load_word(x[r] + 8 * step));
        upper[r][v] = add_products(upper[r][v], high, load_word(x[r] + 8 * step + 4));
      }
    }
  }
}

/// out [Rows, kPanelVectors · kWidth] = x · a part of a panel.
template <WeightCode Code, int Rows>
inline void coded_tile(const CodedRows& x, const uint8_t* weights, int64_t part, int64_t blocks, float* out,
                       int64_t out_stride) {
  constexpr CodeFormat format = format_of(Code);
  constexpr int64_t steps = format.block * format.bits / 32;
  constexpr int at_once = kSums<Rows> / kStepSums<Code, Rows>;
  Floats sum[Rows][kPanelVectors] = {};
  for (int64_t b = 0; b < blocks; b++, weights += format.block_bytes()) {
    const int8_t* rows[Rows];
    Ints exact[kSums<Rows>][Rows][kPanelVectors] = {};
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
      rows[r] = x.codes + r * x.stride + b * format.block;
      const Ints first = owed(format, x.blocks[r * x.block_stride + b]);
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; v++) {
        exact[0][r][v] = first;
      }
    }

    for (int64_t k = 0; k < steps; k += at_once) {
#pragma GCC unroll 4
      for (int i = 0; i < at_once; i++) {
        const uint8_t* const codes = weights + (k + i) * kPanel * 4 + part * 4;
        ask_ahead<Rows, kPanelVectors * kWidth * 4>(codes + kCodedAhead);
        add_step<Code, Rows>(rows, k + i, codes, exact + i * kStepSums<Code, Rows>);
      }
    }

    const uint8_t* const scales = weights + format.code_bytes() + part * 2;
    ask_ahead<Rows, format.least ? 128 : 64>(weights + format.code_bytes() + kCodedAhead);
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; v++) {
      const Floats scale = load_half(scales + v * kWidth * 2);
      const Floats least = format.least ? load_half(scales + (kPanel + v * kWidth) * 2) : Floats{};
#pragma GCC unroll 16
      for (int r = 0; r < Rows; r++) {
        const CodeBlock& block = x.blocks[r * x.block_stride + b];
        Ints codes = exact[0][r][v];
#pragma GCC unroll 4
        for (int i = 1; i < kSums<Rows>; i++) {
          codes += exact[i][r][v];
        }

        Floats& to = sum[r][v];
        to = add_block(to, codes, scale, block);
        if constexpr (format.least) {
          to = multiply_add(splat(static_cast<float>(block.sum) * block.scale), least, to);
        }
      }
    }
  }

  store_tile(sum, out, out_stride);
}

template <WeightCode Code, int Rows = kCodedRows>
inline void coded_rows(int64_t rows, const CodedRows& x, const uint8_t* weights, int64_t panels, int64_t blocks,
                       float* out, int64_t out_stride) {
  if constexpr (Rows > 1) {
    if (rows < Rows) {
      return coded_rows<Code, Rows - 1>(rows, x, weights, panels, blocks, out, out_stride);
    }
  }

  const int64_t panel_stride = blocks * format_of(Code).block_bytes();
  for (int64_t part = 0; part < kPanel; part += kPanelVectors * kWidth) {
    for (int64_t panel = 0; panel < panels; panel++) {
      coded_tile<Code, Rows>(x, weights + panel * panel_stride, part, blocks, out + panel * kPanel + part, out_stride);
    }
  }
}

template <WeightCode Code>
inline void coded_product_of(const CodedRows& x, const uint8_t* weights, int64_t rows, int64_t panels, int64_t inputs,
                             float* out, int64_t out_stride) {
  const int64_t blocks = format_of(Code).blocks(inputs);
  const int64_t passes = (rows + kCodedRows - 1) / kCodedRows;
  int64_t row = 0;
  for (int64_t pass = 0; pass < passes; pass++) {
    const int64_t count = (rows - row + passes - pass - 1) / (passes - pass);
    coded_rows<Code>(count, x.from(row), weights, panels, blocks, out + row * out_stride, out_stride);
    row += count;
  }
}

inline void coded_product(const CodedRows& x, const uint8_t* panels, WeightCode code, int64_t rows,
                          int64_t panel_count, int64_t inputs, float* out, int64_t out_stride) {
  switch (code) {
    case WeightCode::Q80:
      return coded_product_of<WeightCode::Q80>(x, panels, rows, panel_count, inputs, out, out_stride);
    case WeightCode::Q40:
      return coded_product_of<WeightCode::Q40>(x, panels, rows, panel_count, inputs, out, out_stride);
    case WeightCode::Q41:
      return coded_product_of<WeightCode::Q41>(x, panels, rows, panel_count, inputs, out, out_stride);
    default:
      return coded_product_of<WeightCode::Int8>(x, panels, rows, panel_count, inputs, out, out_stride);
  }
}

}  // namespace hone::HONE_ISA
