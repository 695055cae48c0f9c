using Interp.Engine.Common;
using Interp.Engine.Graph;
using Interp.Engine.Visualization.Objectives.Units;

namespace Interp.Engine.Visualization.Objectives.Parsing;

/// <summary>The grammar of objectives, by recursive descent: sums of products of units, calls, numbers and parentheses, with
/// signs.</summary>
internal sealed class ObjectiveGrammar(string text, Network network, ObjectiveSources? sources)
{
    private const int MaximumDepth = 64;
    private int _depth;

    internal ObjectiveReader Reader { get; } = new(text);

    internal Network Network => network;

    /// <summary>Where the operand that is being read began.</summary>
    internal int Start { get; private set; }

    internal ObjectiveSources Sources => sources ?? throw new InputException("photos cannot be read here");

    /// <summary>The whole text.</summary>
    internal Objective Whole()
    {
        Objective objective = Expression();
        return Reader.Next == '\0' ? objective
            : throw Reader.Expected(
            "'+', '-', '*' or the end (a neuron is LAYER:CHANNEL,Y,X; names with spaces stand in quotes: class:\"Egyptian cat\")");
    }

    internal Objective Expression()
    {
        Objective sum = Term();
        while (true)
        {
            if (Reader.Take('+'))
            {
                sum += Term();
            }
            else if (Reader.Take('-'))
            {
                sum -= Term();
            }
            else
            {
                return sum;
            }
        }
    }

    internal Node Layer(string name) => At(() => network.Find(name));

    internal int Channels(Node layer) => network.OwnShapes[layer.Id][1];

    /// <summary>A comma and a position, or nothing.</summary>
    internal MapPosition? Position()
    {
        int before = Reader.Place;
        if (Reader.Take(','))
        {
            if (Reader.Whole() is { } y)
            {
                if (Reader.Take(',') && Reader.Whole() is { } x)
                {
                    return new MapPosition((y, x));
                }
            }
            else if (Reader.Next != '"' && Reader.Name() == ObjectiveText.Center)
            {
                return new MapPosition();
            }
        }

        Reader.Place = before;
        return null;
    }

    /// <summary>Looks something up; errors say where it stands.</summary>
    internal T At<T>(Func<T> find)
    {
        try
        {
            return find();
        }
        catch (InputException e)
        {
            throw Reader.Error(Start, e.Message, e);
        }
    }

    private Objective Term()
    {
        Objective product = Factor();
        while (Reader.Take('*'))
        {
            product *= Factor();
        }

        return product;
    }

    private Objective Factor()
    {
        bool negative = false;
        while (Reader.Take('-'))
        {
            negative = !negative;
        }

        Objective operand = Nested();
        return negative ? -operand : operand;
    }

    private Objective Nested()
    {
        if (++_depth > MaximumDepth)
        {
            throw Reader.Error(Reader.Place, $"expected at most {MaximumDepth} parentheses inside one another");
        }

        Objective operand = Operand();
        _depth--;
        return operand;
    }

    private Objective Operand()
    {
        Start = Reader.Place;
        if (Reader.Take('('))
        {
            Objective inner = Expression();
            Close();
            return inner;
        }

        if (Reader.Number() is { } number)
        {
            return number;
        }

        bool quoted = Reader.Next == '"';
        string name = Reader.Name() ?? throw Reader.Expected("a unit, layer, function, number or '(', such as features.28:264 or class:45");
        ObjectiveForm? form = quoted ? null
            : ObjectiveCatalog.All.FirstOrDefault(f => f.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (!quoted && Reader.Take('('))
        {
            return Call(form ?? At(() => ObjectiveCatalog.All.Find(name)));
        }

        return form is null ? Unit(Layer(name)) : Bare(form);
    }

    private Objective Call(ObjectiveForm form)
    {
        Objective made = form.Make(new ObjectiveArguments(this, form, parenthesized: true));
        Close();
        return made;
    }

    private Objective Bare(ObjectiveForm form) => form.StandsAlone || (form.TakesColon && Reader.Take(':'))
        ? form.Make(new ObjectiveArguments(this, form, parenthesized: false))
        : throw Reader.Error(Start, $"expected {form.Usage}, such as {form.Example}; a layer of that name stands in quotes");

    private Objective Unit(Node layer)
    {
        if (!Reader.Take(':'))
        {
            return new LayerObjective(layer);
        }

        int channel = Reader.Whole() ?? throw Reader.Expected($"a channel of {layer.Name}, such as {layer.Name}:0");
        int channels = Channels(layer);
        if (channel >= channels)
        {
            throw Reader.Error(Start, $"{layer.Name} has {channels} channels: expected 0 to {channels - 1}, found {channel}");
        }

        return Position() is { } position ? new NeuronObjective(layer, channel, position.Place) : new ChannelObjective(layer, channel);
    }

    private void Close()
    {
        if (!Reader.Take(')'))
        {
            throw Reader.Expected("')'");
        }
    }
}
