// Products with weights in few bits (../packed.h): sums of codes are integers and exact, so that every instruction set
// has the same ones.
#pragma once

#include "../kernels.h"
#include "half.h"
#include "packed_product.h"

namespace hone::HONE_ISA {

/// Rows of a tile, at most.
inline constexpr int kCodedRows = kWidth == 16 ? 8 : 4;

/// The bytes that are asked for ahead of the ones in use, in all panels of a tile together.
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

/// sum += the products of one step of a block: 4 inputs in 8 bits, 8 in 4.
template <WeightCode Code, int Rows>
inline void add_step(const int8_t* const* x, int64_t step, const uint8_t* weights, Ints (&sum)[Rows][kPanelVectors]) {
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
        sum[r][v] = add_products(sum[r][v], high, load_word(x[r] + 8 * step + 4));
      }
    }
  }
}

/// out [Rows, Panels · kPanelVectors · kWidth] = x · a part of as many panels.
template <WeightCode Code, int Rows, int Panels>
inline void coded_tile(const CodedRows& x, const uint8_t* weights, int64_t part, int64_t panel_stride, int64_t blocks,
                       float* out, int64_t out_stride) {
  constexpr CodeFormat format = format_of(Code);
  constexpr int64_t steps = format.block * format.bits / 32;
  // What comes after the end of a panel is another one of the tile: the next tile's are further on.
  constexpr int64_t ahead = kCodedAhead / Panels;
  const int64_t skip = (Panels - 1) * panel_stride;
  int64_t left = panel_stride - ahead;
  Floats sum[Panels][Rows][kPanelVectors] = {};
  for (int64_t b = 0; b < blocks; b++, weights += format.block_bytes(), left -= format.block_bytes()) {
    const auto next = [&](int64_t at) { return at + ahead + (at >= left ? skip : 0); };
    const int8_t* rows[Rows];
    Ints exact[Panels][Rows][kPanelVectors];
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
      rows[r] = x.codes + r * x.stride + b * format.block;
      const Ints first = owed(format, x.blocks[r * x.block_stride + b]);
#pragma GCC unroll 4
      for (int p = 0; p < Panels; p++) {
#pragma GCC unroll 8
        for (int v = 0; v < kPanelVectors; v++) {
          exact[p][r][v] = first;
        }
      }
    }

    for (int64_t k = 0; k < steps; k++) {
      const int64_t at = k * kPanel * 4, later = next(at);
#pragma GCC unroll 4
      for (int p = 0; p < Panels; p++) {
        const uint8_t* const codes = weights + p * panel_stride + part * 4;
        prefetch(codes + later);
        if constexpr (kPanelVectors * kWidth * 4 > 64) {
          prefetch(codes + later + 64);
        }

        add_step<Code>(rows, k, codes + at, exact[p]);
      }
    }

    const int64_t later = next(format.code_bytes());
#pragma GCC unroll 4
    for (int p = 0; p < Panels; p++) {
      const uint8_t* const scales = weights + p * panel_stride + format.code_bytes() + part * 2;
      prefetch(weights + p * panel_stride + later);
      if constexpr (format.least) {
        prefetch(weights + p * panel_stride + later + 64);
      }

#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; v++) {
        const Floats scale = load_half(scales + v * kWidth * 2);
        const Floats least = format.least ? load_half(scales + (kPanel + v * kWidth) * 2) : Floats{};
#pragma GCC unroll 16
        for (int r = 0; r < Rows; r++) {
          const CodeBlock& block = x.blocks[r * x.block_stride + b];
          Floats& to = sum[p][r][v];
          to = add_block(to, exact[p][r][v], scale, block);
          if constexpr (format.least) {
            to = multiply_add(splat(static_cast<float>(block.sum) * block.scale), least, to);
          }
        }
      }
    }
  }

#pragma GCC unroll 4
  for (int p = 0; p < Panels; p++) {
#pragma GCC unroll 16
    for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 8
      for (int v = 0; v < kPanelVectors; v++) {
        store(out + r * out_stride + p * kPanel + v * kWidth, sum[p][r][v]);
      }
    }
  }
}

template <WeightCode Code, int Rows = kCodedRows>
inline void coded_rows(int64_t rows, const CodedRows& x, const uint8_t* weights, int64_t panels, int64_t blocks,
                       float* out, int64_t out_stride) {
  if constexpr (Rows > 1) {
    if (rows < Rows) {
      return coded_rows<Code, Rows - 1>(rows, x, weights, panels, blocks, out, out_stride);
    }
  }

  // As in packed_rows: few rows take several panels at once.
  constexpr int kTogether = Rows > 4 || kWidth < 16 ? 1 : Rows > 2 ? 2 : 4;
  const int64_t panel_stride = blocks * format_of(Code).block_bytes();
  for (int64_t part = 0; part < kPanel; part += kPanelVectors * kWidth) {
    int64_t panel = 0;
    for (; panel + kTogether <= panels; panel += kTogether) {
      coded_tile<Code, Rows, kTogether>(x, weights + panel * panel_stride, part, panel_stride, blocks,
                                        out + panel * kPanel + part, out_stride);
    }

    for (; panel < panels; panel++) {
      coded_tile<Code, Rows, 1>(x, weights + panel * panel_stride, part, panel_stride, blocks,
                                out + panel * kPanel + part, out_stride);
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
