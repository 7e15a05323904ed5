package vn.nhasan;

import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.charfilter.MappingCharFilter;
import org.apache.lucene.analysis.charfilter.NormalizeCharMap;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The analysis parts that an index of ours may name. The distribution has them in a module that is not published; both
 * wrap the same factories of Lucene, so only names and options are translated here.
 */
public final class Analysis extends Plugin implements AnalysisPlugin {

    /** An option's name in an index body, its name in Lucene, and its default (null: left to Lucene). */
    private record Option(String name, String lucene, String byDefault) {}

    /** A part's name in an index body, its name in Lucene, whether a normalizer may use it, and its options. */
    private record Part(String name, String lucene, boolean normalizes, Option... options) {
        Map<String, String> arguments(Settings settings) {
            Map<String, String> arguments = new HashMap<>();
            for (Option option : options) {
                String value = settings.get(option.name, option.byDefault);
                if (value != null) {
                    arguments.put(option.lucene, value);
                }
            }
            return arguments;
        }
    }

    private static final Option SHORTEST = new Option("min_gram", "minGramSize", "1");
    private static final Option LONGEST = new Option("max_gram", "maxGramSize", "2");
    private static final Option KEEP = new Option("preserve_original", "preserveOriginal", "false");
    private static final Option PATTERN = new Option("pattern", "pattern", "\\W+");
    private static final Option REPLACEMENT = new Option("replacement", "replacement", "");

    private static final Pattern ESCAPE = Pattern.compile("\\\\u([0-9a-fA-F]{4})");

    private static final List<Part> FILTERS = List.of(
        new Part("asciifolding", "asciiFolding", true, KEEP),
        new Part("uppercase", "uppercase", true),
        new Part("trim", "trim", true),
        new Part("decimal_digit", "decimalDigit", true),
        new Part("pattern_replace", "patternReplace", true, PATTERN, REPLACEMENT),
        new Part("apostrophe", "apostrophe", false),
        new Part("edge_ngram", "edgeNGram", false, SHORTEST, LONGEST, KEEP),
        new Part("ngram", "nGram", false, SHORTEST, LONGEST, KEEP),
        new Part("length", "length", false, new Option("min", "min", "0"), new Option("max", "max", "2147483647")),
        new Part("truncate", "truncate", false, new Option("length", "prefixLength", "10")),
        new Part("limit", "limitTokenCount", false, new Option("max_token_count", "maxTokenCount", "1")),
        new Part("remove_duplicates", "removeDuplicates", false),
        new Part("flatten_graph", "flattenGraph", false),
        new Part("porter_stem", "porterStem", false),
        new Part("kstem", "kStem", false));

    private static final List<Part> TOKENIZERS = List.of(
        new Part("whitespace", "whitespace", false),
        new Part("keyword", "keyword", false),
        new Part("letter", "letter", false),
        new Part("pattern", "pattern", false, PATTERN, new Option("group", "group", "-1")),
        new Part("path_hierarchy", "pathHierarchy", false, new Option("delimiter", "delimiter", "/")),
        new Part("edge_ngram", "edgeNGram", false, SHORTEST, LONGEST),
        new Part("ngram", "nGram", false, SHORTEST, LONGEST));

    private static final List<Part> CHARACTER_FILTERS = List.of(
        new Part("html_strip", "htmlStrip", false),
        new Part("pattern_replace", "patternReplace", true, PATTERN, REPLACEMENT));

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new TreeMap<>();
        for (Part part : FILTERS) {
            filters.put(part.name, (index, environment, name, settings) -> {
                var lucene = org.apache.lucene.analysis.TokenFilterFactory.forName(part.lucene, part.arguments(settings));
                return part.normalizes ? new NormalizingFilter(name, lucene) : new Filter(name, lucene);
            });
        }
        return filters;
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        Map<String, AnalysisProvider<TokenizerFactory>> tokenizers = new TreeMap<>();
        for (Part part : TOKENIZERS) {
            tokenizers.put(part.name, (index, environment, name, settings) -> {
                var lucene = org.apache.lucene.analysis.TokenizerFactory.forName(part.lucene, part.arguments(settings));
                return TokenizerFactory.newFactory(name, () -> (Tokenizer) lucene.create());
            });
        }
        return tokenizers;
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        Map<String, AnalysisProvider<CharFilterFactory>> filters = new TreeMap<>();
        for (Part part : CHARACTER_FILTERS) {
            filters.put(part.name, (index, environment, name, settings) -> {
                var lucene = org.apache.lucene.analysis.CharFilterFactory.forName(part.lucene, part.arguments(settings));
                return part.normalizes ? new NormalizingCharacters(name, lucene::create) : new Characters(name, lucene::create);
            });
        }
        filters.put("mapping", AnalysisPlugin.requiresAnalysisSettings((index, environment, name, settings) -> {
            NormalizeCharMap table = table(settings.getAsList("mappings"));
            return new NormalizingCharacters(name, text -> new MappingCharFilter(table, text));
        }));
        return filters;
    }

    /** "a => b" lines as Lucene's table. */
    private static NormalizeCharMap table(List<String> lines) {
        NormalizeCharMap.Builder table = new NormalizeCharMap.Builder();
        for (String line : lines) {
            String[] sides = line.split("=>", 2);
            table.add(unescaped(sides[0].strip()), unescaped(sides[1].strip()));
        }
        return table.build();
    }

    /** Characters may be written by their number (backslash, u, four hexadecimal digits), as the server allows. */
    private static String unescaped(String text) {
        return ESCAPE.matcher(text).replaceAll(
            found -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(found.group(1), 16))));
    }

    private interface Wrap {
        Reader wrap(Reader text);
    }

    private record Filter(String name, org.apache.lucene.analysis.TokenFilterFactory lucene) implements TokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return lucene.create(tokens);
        }
    }

    private record NormalizingFilter(String name, org.apache.lucene.analysis.TokenFilterFactory lucene)
            implements NormalizingTokenFilterFactory {
        @Override
        public TokenStream create(TokenStream tokens) {
            return lucene.create(tokens);
        }

        @Override
        public TokenStream normalize(TokenStream tokens) {
            return lucene.normalize(tokens);
        }
    }

    private record Characters(String name, Wrap lucene) implements CharFilterFactory {
        @Override
        public Reader create(Reader text) {
            return lucene.wrap(text);
        }
    }

    private record NormalizingCharacters(String name, Wrap lucene) implements NormalizingCharFilterFactory {
        @Override
        public Reader create(Reader text) {
            return lucene.wrap(text);
        }
    }
}
