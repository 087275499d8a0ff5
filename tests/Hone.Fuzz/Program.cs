using System.Globalization;
using Hone.Fuzz;

const string Usage = """
    Gives every reader many damaged files: none may crash, hang for 2 s, or allocate more than 64 MiB and ten times
    what it was given and gave.

      make fuzz [TARGETS="parquet gguf"] [INPUTS=1000000] [SEED=1]
      dotnet artifacts/bin/Hone.Fuzz/release/Hone.Fuzz.dll [TARGET...] [--inputs N] [--seed S]

    Inputs that a reader does not bear are kept under artifacts/fuzz.
    """;

if (args is ["--worker", var name, var seedText, var inputText, var folder, var testFolder])
{
    return Worker.Run(
        FuzzTargets.All.Single(target => target.Name == name), testFolder, folder,
        ulong.Parse(seedText, CultureInfo.InvariantCulture),
        long.Parse(inputText, CultureInfo.InvariantCulture));
}

var (inputs, seed) = (1_000_000L, 1UL);
List<ITarget> targets = [];
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--inputs" when i + 1 < args.Length && long.TryParse(args[i + 1], CultureInfo.InvariantCulture, out inputs)
            && inputs > 0:
        case "--seed" when i + 1 < args.Length && ulong.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed):
            i++;
            break;
        case var word when FuzzTargets.All.FirstOrDefault(target => target.Name == word) is { } target:
            targets.Add(target);
            break;
        case "--help":
            Console.WriteLine(Usage);
            return 0;
        default:
            Console.Error.WriteLine(
                $"fuzz: {args[i]}: must be one of {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}, "
                    + "--inputs N or --seed S");
            return 2;
    }
}

var root = Directory.GetCurrentDirectory();
if (!Directory.Exists(Path.Combine(root, "tests", "Hone.Fuzz")))
{
    Console.Error.WriteLine(
        $"fuzz: {root}: must be the repository's folder, whose tests have sound files to begin with");
    return 2;
}

var found = (targets is [] ? FuzzTargets.All : targets)
    .Sum(target =>
        new Campaign(target, Path.Combine(root, "tests"), Path.Combine(root, "artifacts", "fuzz")).Run(seed, inputs));
return found == 0 ? 0 : 1;
