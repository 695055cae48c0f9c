using Interp.Tests.Cuda.Ptx.Execution;
using Interp.Tests.Cuda.Ptx.Operations;
using Interp.Tests.Cuda.Ptx.Parsing;

namespace Interp.Tests.Cuda.Ptx.Instructions;

/// <summary>From an instruction's name and operands to what executes it.</summary>
internal static class Decoder
{
    private const string CachePolicies = "ca cg cs lu cv wb wt nc volatile relaxed weak gpu cta sys L1::no_allocate L2::64B L2::128B";
    private static readonly HashSet<string> AccessModifiers = [
        .. CachePolicies.Split(' '), "global", "shared", "local", "const", "param", "v2", "v4"];

    /// <summary>The instruction; null if it is not supported.</summary>
    internal static Instruction? Decode(Opcode opcode, IReadOnlyList<Operand> operands, SlotTable slots) => opcode.Root switch
    {
        "bra" when operands[0].Form == OperandForm.Label => new BranchInstruction(operands[0].Label),
        "ret" or "exit" => new StopInstruction(ThreadPhase.Exited),
        "trap" => new TrapInstruction(),
        "bar" or "barrier" => opcode.Text is "bar.sync" or "barrier.sync" or "barrier.sync.aligned" && operands.Count == 1
        && operands[0].Slot == slots.Constant(0)
            ? new StopInstruction(ThreadPhase.AtBarrier)
            : null,
        "ld" => opcode.Has("param") ? Compute("mov.b64", operands, slots) : Load(opcode, operands),
        "st" => Store(opcode, operands),
        "mov" => Move(opcode, operands, slots),
        "cvta" => Compute("mov.b64", operands, slots),
        "setp" => Compare(opcode, operands, slots),
        "shfl" => Shuffle(opcode, operands),
        "vote" => Vote(opcode, operands),
        _ => Compute(opcode.Text, operands, slots),
    };

    private static ComputeInstruction? Compute(string name, IReadOnlyList<Operand> operands, SlotTable slots)
    {
        int Slot(int i) => i < operands.Count ? operands[i].Slot : slots.Constant(0);
        bool plain = operands.All(o => o.Form is OperandForm.Value or OperandForm.Address && o.Offset == 0);
        return plain && operands.Count is >= 2 and <= 5 && OperationTable.Find(new Opcode(name)) is { } operation
            ? new ComputeInstruction(operation, Slot(0), Slot(1), Slot(2), Slot(3), Slot(4))
            : null;
    }

    private static LoadInstruction? Load(Opcode opcode, IReadOnlyList<Operand> operands) =>
        !IsAccess(opcode) || operands[1].Form != OperandForm.Address || operands[0].Slots.Length != opcode.VectorLength
            ? null
            : new LoadInstruction(operands[0].Slots, operands[1].Slot, operands[1].Offset, opcode.Types[0], opcode.Space, opcode.Has("nc"));

    private static StoreInstruction? Store(Opcode opcode, IReadOnlyList<Operand> operands) =>
        !IsAccess(opcode) || operands[0].Form != OperandForm.Address || operands[1].Slots.Length != opcode.VectorLength
            ? null
            : new StoreInstruction(operands[0].Slot, operands[0].Offset, operands[1].Slots, opcode.Types[0], opcode.Space);

    private static bool IsAccess(Opcode opcode)
    {
        foreach (string modifier in opcode.Modifiers)
        {
            if (!AccessModifiers.Contains(modifier) && !PtxType.TryParse(modifier, out _))
            {
                return false;
            }
        }

        return opcode.Types.Count == 1;
    }

    private static Instruction? Move(Opcode opcode, IReadOnlyList<Operand> operands, SlotTable slots)
    {
        int bits = 8 * opcode.Types[0].Bytes;
        return (operands[0].Form, operands[1].Form) switch
        {
            (OperandForm.Vector, _) => new UnpackInstruction(operands[0].Slots, operands[1].Slot, bits / operands[0].Slots.Length),
            (_, OperandForm.Vector) => new PackInstruction(operands[0].Slot, operands[1].Slots, bits / operands[1].Slots.Length),
            _ => Compute(opcode.Text, operands, slots),
        };
    }

    private static CompareInstruction? Compare(Opcode opcode, IReadOnlyList<Operand> operands, SlotTable slots)
    {
        Func<bool, bool, bool>? combine = operands.Count == 3
            ? (found, _) => found
            : opcode.Has("and") ? (found, other) => found && other
            : opcode.Has("or") ? (found, other) => found || other
            : opcode.Has("xor") ? (found, other) => found ^ other
            : null;
        return combine is null || Comparisons.Find(opcode) is not { } comparison
            ? null
            : new CompareInstruction(
                comparison, combine, operands[0].Slots, operands[1].Slot, operands[2].Slot, operands.Count == 3 ? slots.Constant(0)
                : operands[3].Slot);
    }

    private static ShuffleInstruction? Shuffle(Opcode opcode, IReadOnlyList<Operand> operands)
    {
        ShuffleMode? mode = opcode.Text switch
        {
            "shfl.sync.up.b32" => ShuffleMode.Up,
            "shfl.sync.down.b32" => ShuffleMode.Down,
            "shfl.sync.bfly.b32" => ShuffleMode.Butterfly,
            "shfl.sync.idx.b32" => ShuffleMode.Index,
            _ => null,
        };
        return mode is { } known
            ? new ShuffleInstruction(known, operands[0].Slots, operands[1].Slot, operands[2].Slot, operands[3].Slot, operands[4].Slot)
            : null;
    }

    private static VoteInstruction? Vote(Opcode opcode, IReadOnlyList<Operand> operands)
    {
        Func<uint, uint, ulong>? count = opcode.Text switch
        {
            "vote.sync.all.pred" => (holds, present) => holds == present ? 1UL : 0,
            "vote.sync.any.pred" => (holds, _) => holds != 0 ? 1UL : 0,
            "vote.sync.uni.pred" => (holds, present) => holds == 0 || holds == present ? 1UL : 0,
            "vote.sync.ballot.b32" => (holds, _) => holds,
            _ => null,
        };
        return count is null ? null : new VoteInstruction(count, operands[0].Slot, operands[1].Slot, operands[2].Slot);
    }
}
