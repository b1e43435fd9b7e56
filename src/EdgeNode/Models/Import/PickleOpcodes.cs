namespace FaceLandmark.Models.Import;

/// <summary>Names of the opcodes that are refused, for messages.</summary>
internal static class PickleOpcodes
{
    /// <summary>The name in pickletools.py, with the byte.</summary>
    public static string Name(char opcode)
    {
        var name = opcode switch
        {
            'i' => "INST",
            'o' => "OBJ",
            'P' => "PERSID",
            'I' => "INT",
            'L' => "LONG",
            'F' => "FLOAT",
            'S' => "STRING",
            'V' => "UNICODE",
            'd' => "DICT",
            'l' => "LIST",
            'p' => "PUT",
            'g' => "GET",
            '2' => "DUP",
            '\x82' => "EXT1",
            '\x83' => "EXT2",
            '\x84' => "EXT4",
            '\x97' => "NEXT_BUFFER",
            '\x98' => "READONLY_BUFFER",
            _ => "unknown",
        };
        return $"{name} (0x{(int)opcode:x2})";
    }
}
