package dev.recaller.worker;

/** This program, as it was built. */
public final class Program {

    private Program() {}

    /** From its jar. */
    public static String version() {
        String version = Program.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }
}
