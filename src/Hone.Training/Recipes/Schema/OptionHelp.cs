using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Hone.Training.Recipes.Schema;

/// <summary>What options do, as the documentation comments beside the assemblies say it.</summary>
public sealed partial class OptionHelp
{
    private readonly string _folder;
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _summaries = [];

    /// <summary>Reads the comments that lie beside the program.</summary>
    public OptionHelp()
        : this(AppContext.BaseDirectory)
    {
    }

    /// <summary>Reads the comments in <paramref name="folder"/>, one XML file an assembly.</summary>
    public OptionHelp(string folder) => _folder = folder;

    /// <summary>What an option does; empty where no comments are installed.</summary>
    public string Of(OptionSchema option) => Of(option.Property.DeclaringType!, 'P', $".{option.Property.Name}");

    /// <summary>What a section is for; empty where no comments are installed.</summary>
    public string Of(SectionSchema section) => Of(section.Type, 'T', "");

    /// <summary>What a name of an enum means; empty where no comments are installed.</summary>
    public string Of(Type type, string member) => Of(type, 'F', $".{member}");

    private string Of(Type type, char kind, string member) =>
        Summaries(type.Assembly).GetValueOrDefault($"{kind}:{type.FullName}{member}", "");

    private IReadOnlyDictionary<string, string> Summaries(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (!_summaries.TryGetValue(name, out var summaries))
        {
            _summaries[name] = summaries = Read(Path.Combine(_folder, $"{name}.xml"));
        }

        return summaries;
    }

    private static Dictionary<string, string> Read(string path) => !File.Exists(path)
        ? []
        : XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Words(member.Element("summary")!));

    private static string Words(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.Nodes())
        {
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "see" or "paramref", FirstAttribute.Value: var target } =>
                    $"`{target.Split('.', ':')[^1]}`",
                XElement code => $"`{code.Value}`",
                _ => throw new XmlException($"a summary must be text and elements, got {node.NodeType}"),
            });
        }

        return Blanks().Replace(text.ToString().Trim(), " ");
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
