using Hone.Bench;
using Hone.Torch;

// hone-bench [call|linear|fused]... [--threads N] [--quick] [--json]
string[] groups = ["call", "linear", "fused"];
var threads = Environment.ProcessorCount;
var (quick, json) = (false, false);
List<string> chosen = [];
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--quick":
            quick = true;
            break;
        case "--json":
            json = true;
            break;
        case "--threads" when i + 1 < args.Length && int.TryParse(args[i + 1], out var count) && count > 0:
            threads = count;
            i++;
            break;
        case var group when groups.Contains(group):
            chosen.Add(group);
            break;
        default:
            Console.Error.WriteLine($"bench: arguments must be of call, linear, fused, --threads N, --quick and --json, got {args[i]}");
            return 2;
    }
}

ComputeThread.Configure(threads);
if (!json)
{
    Console.Out.WriteLine($"{Processor.Detect()}; {threads} threads; libtorch {TorchRuntime.Load().Version}");
}

var clock = quick ? new Clock(3, TimeSpan.FromMilliseconds(5)) : new Clock(7, TimeSpan.FromMilliseconds(50));
var report = new Report(Console.Out, json);
foreach (var group in groups.Where(group => chosen.Count == 0 || chosen.Contains(group)))
{
    foreach (var measurement in group switch
    {
        "call" => CallCosts.Run(clock),
        "linear" => MatrixProducts.Run(clock),
        _ => new FusedOperators(clock).Run(),
    })
    {
        report.Write(measurement);
    }
}

return 0;
