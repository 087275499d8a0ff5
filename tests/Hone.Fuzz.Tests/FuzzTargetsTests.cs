namespace Hone.Fuzz.Tests;

public sealed class FuzzTargetsTests : IDisposable
{
    private const int Inputs = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("hone-fuzz-").FullName;

    public static TheoryData<string> Names => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_damaged_file_is_read_or_refused_in_words(string name)
    {
        var target = FuzzTargets.All.Single(target => target.Name == name);

        var findings = new Fuzzer(target, TestsFolder(), _folder).Run(seed: 1, Inputs).ToList();

        Assert.Empty(findings.Select(finding => $"input {finding.Index}: {finding.Fault}"));
    }

    [Fact]
    public void A_reader_that_throws_wastes_or_refuses_a_sound_file_is_found_out()
    {
        Assert.Equal(["System.FormatException"], FaultsOf(_ => throw new FormatException()));
        Assert.Equal(["allocated"], FaultsOf(_ => Waste(70 << 20)));
        Assert.Equal(["a sound file is refused: no"], FaultsOf(_ => throw new Data.DataException("no")));
        Assert.Equal([], FaultsOf(_ => new byte[1000].Length));
    }

    [Fact]
    public void The_same_seed_gives_the_same_inputs()
    {
        Assert.Equal(InputsOf(5), InputsOf(5));
        Assert.NotEqual(InputsOf(5), InputsOf(6));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static long Waste(int bytes)
    {
        GC.KeepAlive(new byte[bytes]);
        return 0;
    }

    private static string TestsFolder()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Hone.slnx")))
        {
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException("the tests run outside of the repository");
        }

        return Path.Combine(folder, "tests");
    }

    private List<string> FaultsOf(Func<string, long> read) =>
        [.. new Fuzzer(new MadeTarget(read), "", _folder).Run(seed: 1, inputs: 10).Select(
            finding => finding.Fault.Split(':', ' ')[0] switch
        {
            "a" => finding.Fault,
            var first => first,
        })];

    private List<string> InputsOf(ulong seed)
    {
        var inputs = new List<string>();
        _ = new Fuzzer(new MadeTarget(path =>
        {
            inputs.Add(Convert.ToHexString(File.ReadAllBytes(path)));
            return 1;
        }), "", _folder).Run(seed, inputs: 50).Count();
        return inputs;
    }

    private sealed class MadeTarget(Func<string, long> read) : ITarget
    {
        public string Name => "made";

        public string FileName => "made";

        public IEnumerable<byte[]> Seeds(string tests) => ["some bytes"u8.ToArray()];

        public long Read(string path) => read(path);
    }
}
