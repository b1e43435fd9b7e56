using static System.Buffers.Binary.BinaryPrimitives;

namespace FaceLandmark.Capture;

/// <summary>
/// Counts the blocks of a scan without decoding them (ITU-T T.81, annex F.2): each value's code tells how many bits follow it.
/// </summary>
internal sealed class JpegBlocks
{
    private const int BlockSide = 8;
    private const int BlockValues = 64;
    private const byte Baseline = 0xC0;
    private const byte Sequential = 0xC1;
    private const byte Progressive = 0xC2;

    private readonly Dictionary<int, Table> _tables = [];
    private readonly List<(int Id, int Across, int Down)> _components = [];
    // Of each component that a scan held: bits of its values that are still to be told.
    private readonly Dictionary<int, int> _bitsToCome = [];
    private byte _process;
    private int _width;
    private int _height;

    /// <summary>Units between two restart markers; 0: there are none.</summary>
    public int RestartEvery { get; set; }

    /// <summary>Takes the frame header: size and components.</summary>
    public void Frame(ReadOnlySpan<byte> segment, byte marker)
    {
        (_process, _height, _width) = (
            segment[0] == 8 ? marker : (byte)0,
            ReadUInt16BigEndian(segment[1..]),
            ReadUInt16BigEndian(segment[3..])
        );
        _components.Clear();
        for (var i = 0; i < segment[5] && (3 * i) + 8 < segment.Length; i++)
            _components.Add((segment[6 + (3 * i)], segment[7 + (3 * i)] >> 4, segment[7 + (3 * i)] & 15));
    }

    /// <summary>Takes the Huffman tables.</summary>
    public void Tables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 16)
        {
            var counts = segment.Slice(1, 16);
            var count = 0;
            foreach (var length in counts)
                count += length;
            if (segment.Length < 17 + count)
                return;
            _tables[segment[0]] = new Table(counts.ToArray(), segment.Slice(17, count).ToArray());
            segment = segment[(17 + count)..];
        }
    }

    /// <summary>
    /// Whether the picture is whole when a scan is its last one, and breaks off or ends without a marker. In a progressive picture blocks
    /// cannot be counted without decoding: there it is whole once the last bits of all components have begun, which differ by a shade.
    /// </summary>
    /// <param name="header">The scan's header.</param>
    /// <param name="data">Its coded data.</param>
    public bool IsWhole(ReadOnlySpan<byte> header, ReadOnlySpan<byte> data)
    {
        Note(header);
        if (_components.Count == 0 || _components.Any(one => !_bitsToCome.TryGetValue(one.Id, out var bits) || bits > 0))
            return false;
        if (_process == Progressive)
            return true;
        if (_process is not Baseline and not Sequential || _components.Any(one => one.Across is < 1 or > 4 || one.Down is < 1 or > 4))
            return false;
        var isSingle = header[0] == 1;
        var (most, mostDown) = (_components.Max(one => one.Across), _components.Max(one => one.Down));
        var unit = new List<(Table Dc, Table Ac)>();
        var (across, down) = (Units(_width, BlockSide * most), Units(_height, BlockSide * mostDown));
        for (var i = 0; i < header[0]; i++)
        {
            var id = header[1 + (2 * i)];
            var place = _components.FindIndex(one => one.Id == id);
            if (
                place < 0
                || !_tables.TryGetValue(header[2 + (2 * i)] >> 4, out var dc)
                || !_tables.TryGetValue(16 | (header[2 + (2 * i)] & 15), out var ac)
            )
                return false;
            var component = _components[place];
            if (isSingle)
                (across, down) = (
                    Units(Units(_width * component.Across, most), BlockSide),
                    Units(Units(_height * component.Down, mostDown), BlockSide)
                );
            for (var block = 0; block < (isSingle ? 1 : component.Across * component.Down); block++)
                unit.Add((dc, ac));
        }

        return new Walk(data).Has((long)across * down, unit, RestartEvery);
    }

    /// <summary>Takes the header of a scan.</summary>
    public void Note(ReadOnlySpan<byte> header)
    {
        if (header.Length < 1 || header.Length < 4 + (2 * header[0]))
            return;
        var rest = header[(1 + (2 * header[0]))..];
        if (_process == Progressive && rest[0] == 0)
            return; // the mean of each block only
        for (var i = 0; i < header[0]; i++)
            _bitsToCome[header[1 + (2 * i)]] = _process == Progressive ? rest[2] & 15 : 0;
    }

    private static int Units(int whole, int part) => (whole + part - 1) / part;

    /// <summary>
    /// A Huffman table by codes of up to 16 bits: length of the code and its value. It is built when it is asked, which few pictures need.
    /// </summary>
    private sealed class Table(byte[] counts, byte[] values)
    {
        private ushort[]? _codes;

        public (int Length, int Value) Of(int bits)
        {
            _codes ??= Codes();
            return (_codes[bits] >> 8, _codes[bits] & 255);
        }

        private ushort[] Codes()
        {
            var codes = new ushort[1 << 16];
            var (code, value) = (0, 0);
            for (var length = 1; length <= 16; length++, code <<= 1)
            {
                for (var i = 0; i < counts[length - 1] && code < 1 << length; i++, code++)
                    codes.AsSpan(code << (16 - length), 1 << (16 - length)).Fill((ushort)((length << 8) | values[value++]));
            }

            return codes;
        }
    }

    private ref struct Walk(ReadOnlySpan<byte> data)
    {
        private readonly ReadOnlySpan<byte> _data = data;
        private ulong _bits;
        private int _count;
        private int _at;

        public bool Has(long units, List<(Table Dc, Table Ac)> unit, int restartEvery)
        {
            for (long done = 0; done < units; done++)
            {
                if (restartEvery > 0 && done > 0 && done % restartEvery == 0 && !Resume())
                    return false;
                foreach (var (dc, ac) in unit)
                {
                    if (!Block(dc, ac))
                        return false;
                }
            }

            return true;
        }

        private bool Block(Table dc, Table ac)
        {
            if (!Value(dc, out var bits) || !Skip(bits & 15))
                return false;
            for (var place = 1; place < BlockValues; place++)
            {
                if (!Value(ac, out var code))
                    return false;
                if (code == 0)
                    break; // the rest is zero
                place += code >> 4;
                if (!Skip(code & 15))
                    return false;
            }

            return true;
        }

        private bool Value(Table table, out int value)
        {
            Fill();
            (var length, value) = table.Of((int)(_bits >> 48));
            return length > 0 && Skip(length);
        }

        private bool Skip(int bits)
        {
            Fill();
            if (bits > _count)
                return false;
            (_bits, _count) = (_bits << bits, _count - bits);
            return true;
        }

        // Left-aligned; 0xFF 0x00 is one byte, 0xFF and anything else a marker, where the data of an interval end.
        private void Fill()
        {
            while (_count <= 48 && _at < _data.Length)
            {
                var next = _data[_at];
                if (next == 0xFF && (_at + 1 >= _data.Length || _data[_at + 1] != 0))
                    return;
                _at += next == 0xFF ? 2 : 1;
                _bits |= (ulong)next << (56 - _count);
                _count += 8;
            }
        }

        private bool Resume()
        {
            (_bits, _count) = (0, 0);
            while (_at + 1 < _data.Length)
            {
                var isMarker = _data[_at] == 0xFF && _data[_at + 1] is >= 0xD0 and <= 0xD7;
                _at += isMarker ? 2 : 1;
                if (isMarker)
                    return true;
            }

            return false;
        }
    }
}
