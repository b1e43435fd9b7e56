using System.Globalization;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace FaceLandmark.Mqtt;

/// <summary>
/// The table of waiting messages in SQLite, with a write-ahead log: what is committed survives the kill of the process. One thread at a
/// time.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    // A process that holds the file is another node; it does not let go while we wait.
    private const string Settings =
        "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=4194304;";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // errno of Linux.
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _select;
    private readonly SqliteCommand _delete;

    /// <summary>Opens or makes it; only its owner may read it, as it tells who was seen when.</summary>
    /// <exception cref="SqliteException">It cannot be used; <see cref="IsDamage"/> and <see cref="IsInUse"/> tell why.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file is somebody else's.</exception>
    public OutboxFile(string path)
    {
        SqliteLibrary.Find();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!File.Exists(path))
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            new FileStream(path, options).Dispose();
        }
        else
        {
            Close(path);
        }

        try
        {
            _connection = new SqliteConnection(
                new SqliteConnectionStringBuilder
                {
                    DataSource = path,
                    Pooling = false,
                    DefaultTimeout = 1,
                }.ConnectionString
            );
            _connection.Open();
            Execute(Settings);
            Execute(
                "CREATE TABLE IF NOT EXISTS outbox (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, type TEXT NOT NULL, "
                    + "payload BLOB NOT NULL);"
            );
            using (var count = Prepare("SELECT COUNT(*) FROM outbox"))
                Count = (long)count.ExecuteScalar()!;
            _insert = Prepare("INSERT INTO outbox (topic, type, payload) VALUES ($topic, $type, $payload)", "$topic", "$type", "$payload");
            _select = Prepare("SELECT id, topic, type, payload FROM outbox WHERE id > $after ORDER BY id LIMIT $count", "$after", "$count");
            _delete = Prepare("DELETE FROM outbox WHERE id = $id", "$id");
            _ = Read(0, 1); // a table of other columns is no outbox
        }
        catch
        {
            _connection?.Dispose();
            throw;
        }
    }

    /// <summary>Messages in it.</summary>
    public long Count { get; private set; }

    /// <summary>Whether it is a failure of the file, whatever it says; anything else is a bug.</summary>
    public static bool IsFailure(Exception failure) => failure is SqliteException or IOException or UnauthorizedAccessException;

    /// <summary>Whether a failure says that the file is no outbox, or not any more.</summary>
    public static bool IsDamage(Exception failure) =>
        failure
            is SqliteException { SqliteErrorCode: SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_ERROR or SQLITE_MISMATCH or SQLITE_FORMAT }
                or InvalidCastException;

    /// <summary>Whether a failure says that another process has it.</summary>
    public static bool IsInUse(Exception failure) => failure is SqliteException { SqliteErrorCode: SQLITE_BUSY or SQLITE_LOCKED };

    /// <summary>Whether a failure says that the disk does not take anything now.</summary>
    public static bool IsDisk(Exception failure) =>
        failure is SqliteException { SqliteErrorCode: SQLITE_FULL or SQLITE_IOERR } or IOException { HResult: NoSpace or QuotaExceeded };

    /// <summary>Moves a file that is no outbox out of the way, with what belongs to it.</summary>
    /// <returns>Its new name.</returns>
    public static string SetAside(string path, DateTimeOffset now)
    {
        var kept = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss}");
        for (var twin = 2; File.Exists(kept); twin++)
            kept = string.Create(CultureInfo.InvariantCulture, $"{path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss}-{twin}");
        File.Move(path, kept);
        foreach (var part in (string[])["-wal", "-shm", "-journal"])
            if (File.Exists(path + part))
                File.Move(path + part, kept + part);
        return kept;
    }

    /// <summary>Appends all, or none.</summary>
    public void Append(IEnumerable<OutboxEntry> entries)
    {
        using var transaction = _connection.BeginTransaction();
        _insert.Transaction = transaction;
        var added = 0;
        foreach (var entry in entries)
        {
            (_insert.Parameters[0].Value, _insert.Parameters[1].Value, _insert.Parameters[2].Value) = (
                entry.Topic,
                entry.ContentType,
                entry.Payload
            );
            added += _insert.ExecuteNonQuery();
        }

        transaction.Commit();
        Count += added;
    }

    /// <summary>The oldest messages after an id.</summary>
    public List<OutboxEntry> Read(long after, int count)
    {
        (_select.Parameters[0].Value, _select.Parameters[1].Value) = (after, count);
        using var rows = _select.ExecuteReader();
        var entries = new List<OutboxEntry>();
        while (rows.Read())
            entries.Add(new OutboxEntry(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetFieldValue<byte[]>(3)));
        return entries;
    }

    /// <summary>Removes all, or none.</summary>
    public void Remove(IReadOnlyCollection<long> ids)
    {
        using var transaction = ids.Count > 1 ? _connection.BeginTransaction() : null;
        _delete.Transaction = transaction;
        var removed = 0;
        foreach (var id in ids)
        {
            _delete.Parameters[0].Value = id;
            removed += _delete.ExecuteNonQuery();
        }

        transaction?.Commit();
        Count -= removed;
    }

    /// <summary>Removes the oldest after an id.</summary>
    /// <returns>How many.</returns>
    public long RemoveOldest(long count, long after)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM outbox WHERE id IN (SELECT id FROM outbox WHERE id > $after ORDER BY id LIMIT $count)";
        command.Parameters.AddWithValue("$count", count);
        command.Parameters.AddWithValue("$after", after);
        var removed = command.ExecuteNonQuery();
        Count -= removed;
        return removed;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _insert.Dispose();
        _select.Dispose();
        _delete.Dispose();
        _connection.Dispose();
    }

    private static void Close(string path)
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != 0)
                File.SetUnixFileMode(path, OwnerOnly);
        }
        catch (UnauthorizedAccessException)
        {
            // It is somebody else's, who may know why.
        }
    }

    private void Execute(string sql)
    {
        using var command = Prepare(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var parameter in parameters)
            command.Parameters.Add(new SqliteParameter(parameter, null));
        return command;
    }
}
