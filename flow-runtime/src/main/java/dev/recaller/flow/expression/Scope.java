package dev.recaller.flow.expression;

import static java.util.stream.Collectors.toSet;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the expressions and templates of one flow may name, with types; compiles both. */
public final class Scope {

    private static final int MAX_LENGTH = 2_000;
    private static final Set<String> LOOPS = Set.of("all", "exists", "exists_one", "map", "filter");
    private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
    private static final Pattern UNDEFINED_FIELD = Pattern.compile("undefined field '([^']*)'.*");
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.plannerRuntimeBuilder().build();

    private final Map<String, VariableType> variables;
    private @Nullable CelCompiler compiler; // made when it is first needed: templates do without

    public Scope(Map<String, VariableType> variables) {
        this.variables = Map.copyOf(variables);
    }

    private synchronized CelCompiler compiler() {
        if (compiler != null) {
            return compiler;
        }
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setTypeProvider(RecollectionView.TYPES)
                .setStandardMacros(CelStandardMacro.HAS)
                .addVar("organizationId", SimpleType.STRING)
                .addVar("userId", SimpleType.STRING)
                .addVar("metadata", MapType.create(SimpleType.STRING, SimpleType.STRING));
        variables.forEach((name, type) -> builder.addVar(name, type.celType()));
        compiler = builder.build();
        return compiler;
    }

    public Map<String, VariableType> variables() {
        return variables;
    }

    /**
     * Compiles what decides an edge.
     *
     * @throws ExpressionException when the source is not a boolean CEL expression over the scope's names
     */
    public Expression condition(String source) {
        return value(source, VariableType.BOOLEAN);
    }

    /**
     * Compiles what a variable is set to.
     *
     * @throws ExpressionException when the source is not a CEL expression of this type over the scope's names
     */
    public Expression value(String source, VariableType type) {
        if (source.length() > MAX_LENGTH) {
            throw new ExpressionException("is longer than " + MAX_LENGTH + " characters", null);
        }
        CelValidationResult result = compiler().compile(source);
        if (result.hasError()) {
            throw new ExpressionException(
                    result.getErrors().stream().map(this::mistake).toList());
        }
        try {
            CelAbstractSyntaxTree tree = result.getAst();
            refuseOtherType(tree.getResultType(), type);
            CelNavigableAst nodes = CelNavigableAst.fromAst(tree);
            if (nodes.getRoot().allNodes().anyMatch(node -> node.getKind() == Kind.STRUCT)) {
                throw new ExpressionException("cannot make a recollection", "only memory_recall makes one");
            }
            Set<String> names = nodes.getRoot()
                    .allNodes()
                    .filter(node -> node.getKind() == Kind.IDENT)
                    .map(node -> node.expr().ident().name())
                    .collect(toSet());
            return new Expression(source, names, RUNTIME.createProgram(tree));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new ExpressionException(String.valueOf(e.getMessage()), null);
        }
    }

    /** Text to be spoken. @throws ExpressionException when it is no template over the scope's names */
    public Template speech(String source) {
        return Template.compile(source, this, TemplateEngine.SPEECH);
    }

    /** Instructions for a model; values in it are marked and escaped. @throws ExpressionException as {@link #speech} */
    public Template prompt(String source) {
        return Template.compile(source, this, TemplateEngine.PROMPT);
    }

    /** Part of a request's body, values as they are. @throws ExpressionException as {@link #speech} */
    public Template text(String source) {
        return Template.compile(source, this, TemplateEngine.TEXT);
    }

    /** Part of a url or a form; values are percent-encoded. @throws ExpressionException as {@link #speech} */
    public Template url(String source) {
        return Template.compile(source, this, TemplateEngine.URL);
    }

    /** Part of a header; what is not printable ASCII in values becomes ?. @throws ExpressionException as {@link #speech} */
    public Template header(String source) {
        return Template.compile(source, this, TemplateEngine.HEADER);
    }

    Set<String> names() {
        Set<String> names = new TreeSet<>(variables.keySet());
        names.addAll(Values.CONTEXT_NAMES);
        return names;
    }

    private static void refuseOtherType(CelType found, VariableType wanted) {
        if (!found.equals(wanted.celType())) {
            throw new ExpressionException(
                    "is of type " + found.name() + ", not " + wanted.celType().name(),
                    wanted == VariableType.BOOLEAN ? "compare it with something" : null);
        }
    }

    private ExpressionException.Mistake mistake(CelIssue issue) {
        String where = "at character " + (issue.getSourceLocation().getColumn() + 1) + ": ";
        Matcher undeclared = UNDECLARED.matcher(issue.getMessage());
        if (undeclared.matches()) {
            String name = undeclared.group(1);
            return new ExpressionException.Mistake(
                    where + "nothing is called '" + name + "'",
                    LOOPS.contains(name) ? "expressions have no loops" : Suggestion.of(name, names()));
        }
        Matcher field = UNDEFINED_FIELD.matcher(issue.getMessage());
        if (field.matches()) {
            return new ExpressionException.Mistake(
                    where + "a recollection has no field '" + field.group(1) + "'",
                    Suggestion.of(field.group(1), RecollectionView.FIELDS.keySet()));
        }
        return new ExpressionException.Mistake(where + issue.getMessage(), null);
    }
}
