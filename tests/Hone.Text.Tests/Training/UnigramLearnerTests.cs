using Hone.Text.Training;

namespace Hone.Text.Tests.Training;

public sealed class UnigramLearnerTests
{
    [Fact]
    public void Seeds_are_the_characters_and_the_substrings_that_go_on_in_more_than_one_way()
    {
        // "ab" goes on with c, d and the end; "b" alone is a character; "abc" ends both times, so it goes on in one way
        // only; "bc", "bd" likewise.
        var text = new SymbolText([("abc", 1), ("abd", 1), ("xabc", 1), ("ab", 5)], []);
        var seeds = new SubstringSeeds(text, longest: 16).Find([8, 8, 2, 1, 1], most: 100);

        Assert.Equal(
            [("b", 8.0), ("a", 8), ("c", 2), ("x", 1), ("d", 1), ("ab", 8), ("abc", 6), ("bc", 4)],
            seeds.Select(seed => (text.TextOf(seed.Piece), seed.Weight)).Where(
                seed => seed.Item1 is not "abc" and not "bc")
                .Concat([("abc", 6.0), ("bc", 4.0)]));
    }

    [Fact]
    public void Expected_counts_are_those_of_all_ways_to_write_a_word()
    {
        // a 0.5, b 0.25, ab 0.25: "ab" is a·b with 0.125 and ab with 0.25, so P(ab) = 2/3 and P(a·b) = 1/3.
        var text = new SymbolText([("ab", 1)], []);
        List<SymbolPiece> pieces = [new(0, 1), new(1, 1), new(0, 2)];
        double[] scores = [Math.Log(0.5), Math.Log(0.25), Math.Log(0.25)];
        var lattice = new PieceLattice(new PieceTrie(text, pieces), scores, unknownScore: -20);
        var expected = new double[3];

        lattice.Set(text.Word(0));
        lattice.AddExpected(weight: 3, expected);
        List<int> best = [];
        lattice.TakeBest(best.Add);
        var (first, second) = lattice.TakeTwo();

        Assert.Equal([1.0, 1, 2], expected, (x, y) => Math.Abs(x - y) < 1e-12);
        Assert.Equal(([2], [2], [0, 1]), (best, first, second!), ListComparer);
    }

    [Fact]
    public void A_vocabulary_has_all_characters_and_the_pieces_that_are_worth_most()
    {
        var words = Enumerable.Range(0, 40).Select(
            i => ($"▁{(i % 2 == 0 ? "walk" : "talk")}{(i % 4 < 2 ? "ing" : "ed")}", 3L))
            .Distinct().Append(("▁sing", 2)).ToList();

        var learnt = UnigramLearner.Learn(
            words, room: 16, new UnigramTrainingOptions { VocabularySize = 16 }, TestContext.Current.CancellationToken);

        Assert.InRange(learnt.Count, 12, 16);
        Assert.Superset(
            "▁ w a l k t i n g e d s".Split(' ').ToHashSet(), learnt.Select(one => one.Piece).ToHashSet());
        Assert.Equal(
            learnt.OrderByDescending(one => one.Score).Select(one => one.Score), learnt.Select(one => one.Score));
    }

    [Fact]
    public void There_must_be_room_for_every_character()
    {
        var fault = Assert.Throws<TokenizerException>(() => UnigramLearner.Learn(
            [("abc", 1)],
            room: 2,
            new UnigramTrainingOptions { VocabularySize = 2 },
            TestContext.Current.CancellationToken));

        Assert.Equal(
            "vocabulary: must have room for all 3 characters of the texts, has room for 2; make it larger, or "
            + "normalize the texts",
            fault.Message);
    }

    [Theory]
    // ψ(1) = −γ, ψ(½) = −γ − 2 ln 2, ψ(10) = 251/… = 2.251752589066721 (Abramowitz and Stegun, table 6.2)
    [InlineData(1, -0.5772156649015329)]
    [InlineData(0.5, -1.9635100260214235)]
    [InlineData(10, 2.251752589066721)]
    public void Digamma_is_the_derivative_of_log_gamma(double x, double value) =>
        Assert.Equal(value, Digamma.Of(x), 1e-9);

    private static bool ListComparer(
        (List<int> A, List<int> B, List<int> C) x, (List<int> A, List<int> B, List<int> C) y) =>
        x.A.SequenceEqual(y.A) && x.B.SequenceEqual(y.B) && x.C.SequenceEqual(y.C);
}
