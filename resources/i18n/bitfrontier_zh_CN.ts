<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name></name>
    <message>
        <source>%1 of %2 items of %3 as stored.</source>
        <translation>%3 的 %2 道题中有 %1 道与存储的一致。</translation>
    </message>
    <message>
        <source>right</source>
        <translation>对</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>错</translation>
    </message>
    <message>
        <source>item %1: log likelihood %2 stored, %3 now</source>
        <translation>题目 %1：存储的对数似然为 %2，现在为 %3</translation>
    </message>
    <message>
        <source>item %1: %2 stored, %3 now</source>
        <translation>题目 %1：存储为 %2，现在为 %3</translation>
    </message>
    <message>
        <source>Log likelihoods differ by at most %1 nats.</source>
        <translation>对数似然最多相差 %1 奈特。</translation>
    </message>
</context>
<context>
    <name>About</name>
    <message>
        <source>looking for them…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Bitfrontier %1&lt;/h3&gt;&lt;p&gt;Bit-precision scaling laws of quantized language models: quantize, measure zero-shot accuracy, fit, plot.&lt;/p&gt;&lt;p&gt;Free software under the GNU General Public License, version 3 or later; it comes without any warranty.&lt;/p&gt;&lt;p&gt;It is built on Qt %2 (LGPL 3), QCustomPlot (GPL 3), libtorch (BSD), Ceres Solver (BSD), SQLite (public domain), Eigen (MPL 2), fmt, CLI11 and nlohmann-json (MIT, BSD).&lt;/p&gt;&lt;p&gt;&lt;b&gt;Devices&lt;/b&gt;&lt;br&gt;%3&lt;/p&gt;</source>
        <translation>&lt;h3&gt;Bitfrontier %1&lt;/h3&gt;&lt;p&gt;量化语言模型的比特精度缩放定律：量化、测量零样本准确率、拟合、作图。&lt;/p&gt;&lt;p&gt;自由软件，遵循 GNU 通用公共许可证第 3 版或更高版本；不提供任何担保。&lt;/p&gt;&lt;p&gt;基于 Qt %2（LGPL 3）、QCustomPlot（GPL 3）、libtorch（BSD）、Ceres Solver（BSD）、SQLite（公有领域）、Eigen（MPL 2）、fmt、CLI11 和 nlohmann-json（MIT、BSD）构建。&lt;/p&gt;&lt;p&gt;&lt;b&gt;设备&lt;/b&gt;&lt;br&gt;%3&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>BudgetTable</name>
    <message>
        <source>measured</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Model and configuration</source>
        <translation>模型与配置</translation>
    </message>
    <message>
        <source>What would be used</source>
        <translation>将被使用的内容</translation>
    </message>
    <message>
        <source>Value (95 %)</source>
        <translation>数值（95 %）</translation>
    </message>
    <message>
        <source>As measured with its interval, or as the laws predict it with theirs</source>
        <translation>测量值及其区间，或定律的预测值及其区间</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Weights and key-value cache</source>
        <translation>权重与键值缓存</translation>
    </message>
    <message>
        <source>P(best)</source>
        <translation>P(最佳)</translation>
    </message>
    <message>
        <source>Probability of being the best that fits</source>
        <translation>在放得下的之中为最佳的概率</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Measured or predicted, and how it stands to the choice</source>
        <translation>测量或预测，以及与所选者的关系</translation>
    </message>
    <message>
        <source>the choice</source>
        <translation>所选</translation>
    </message>
    <message>
        <source>tie with the choice</source>
        <translation>与所选者不分上下</translation>
    </message>
    <message>
        <source>best measured</source>
        <translation>测量中的最佳</translation>
    </message>
    <message>
        <source>best predicted</source>
        <translation>预测中的最佳</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>预测</translation>
    </message>
</context>
<context>
    <name>CellLaunch</name>
    <message>
        <source>It is known from imported results only, which cannot be run</source>
        <translation>仅从导入的结果得知，无法运行</translation>
    </message>
    <message>
        <source>The folder of %1 is not there: %2</source>
        <translation>%1 的文件夹不存在：%2</translation>
    </message>
    <message>
        <source>The other runs have settings that only the command line has</source>
        <translation>其他运行含有只有命令行才有的设置</translation>
    </message>
    <message>
        <source>Where the file of task %1 is, is not known: start a sweep of it by hand</source>
        <translation>不知道任务 %1 的文件在哪里：请手动启动它的扫描</translation>
    </message>
    <message>
        <source>Its calibration text is not at hand: %1</source>
        <translation>手头没有它的校准文本：%1</translation>
    </message>
</context>
<context>
    <name>CompareTables</name>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>模型族</translation>
    </message>
    <message>
        <source>Law</source>
        <translation>定律</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>相同</translation>
    </message>
    <message>
        <source>B is better</source>
        <translation>B 更好</translation>
    </message>
    <message>
        <source>B is worse</source>
        <translation>B 更差</translation>
    </message>
    <message>
        <source>tie</source>
        <translation>不分上下</translation>
    </message>
    <message>
        <source>not told apart</source>
        <translation>无法区分</translation>
    </message>
    <message>
        <source>Cell</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Model and configuration of side A, and of B where it is another</source>
        <translation>A 侧的模型与配置，B 侧不同时也列出</translation>
    </message>
    <message>
        <source>A</source>
        <translation>A</translation>
    </message>
    <message>
        <source>Value and standard error on side A</source>
        <translation>A 侧的数值与标准误</translation>
    </message>
    <message>
        <source>B</source>
        <translation>B</translation>
    </message>
    <message>
        <source>Value and standard error on side B</source>
        <translation>B 侧的数值与标准误</translation>
    </message>
    <message>
        <source>B − A (95 %)</source>
        <translation>B − A（95 %）</translation>
    </message>
    <message>
        <source>In points of accuracy or nats</source>
        <translation>以准确率百分点或奈特计</translation>
    </message>
    <message>
        <source>p</source>
        <translation>p</translation>
    </message>
    <message>
        <source>Corrected for the number of cells</source>
        <translation>按单元数校正</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>At the level of 95 %</source>
        <translation>在 95 % 水平</translation>
    </message>
    <message>
        <source>Pairing</source>
        <translation>配对</translation>
    </message>
    <message>
        <source>Whether outcomes of the same items were compared</source>
        <translation>是否比较了相同题目的结果</translation>
    </message>
    <message>
        <source>%1 items, %2 only A, %3 only B right</source>
        <translation>%1 道题，%2 道仅 A 对，%3 道仅 B 对</translation>
    </message>
    <message>
        <source>unpaired: %1</source>
        <translation>未配对：%1</translation>
    </message>
    <message>
        <source>Only in</source>
        <translation>仅在</translation>
    </message>
    <message>
        <source>The side that has it</source>
        <translation>拥有它的一侧</translation>
    </message>
    <message>
        <source>Model and configuration</source>
        <translation>模型与配置</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>With its standard error</source>
        <translation>连同其标准误</translation>
    </message>
    <message>
        <source>Behind the value</source>
        <translation>数值所依据的</translation>
    </message>
    <message>
        <source>Whose law it is</source>
        <translation>属于谁的定律</translation>
    </message>
    <message>
        <source>Chosen by side A, fitted to both</source>
        <translation>由 A 侧选出，对两侧拟合</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Its name in the formula</source>
        <translation>它在公式中的名称</translation>
    </message>
    <message>
        <source>Fitted to side A</source>
        <translation>对 A 侧拟合</translation>
    </message>
    <message>
        <source>Fitted to side B</source>
        <translation>对 B 侧拟合</translation>
    </message>
    <message>
        <source>Errors of the sides count as independent</source>
        <translation>两侧误差视为独立</translation>
    </message>
    <message>
        <source>Corrected for the number of parameters</source>
        <translation>按参数个数校正</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>What the parameter is</source>
        <translation>该参数是什么</translation>
    </message>
</context>
<context>
    <name>ConfigWords</name>
    <message>
        <source>%1 bit</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>整体</translation>
    </message>
    <message>
        <source>%1 % outliers</source>
        <translation>%1 % 离群</translation>
    </message>
    <message>
        <source>%1 in rows</source>
        <translation>%1，按行</translation>
    </message>
    <message>
        <source>16 bit, not quantized (%1)</source>
        <translation>16 比特，未量化（%1）</translation>
    </message>
    <message>
        <source>with %1 exponent and %2 mantissa bits</source>
        <translation>%1 个指数位、%2 个尾数位</translation>
    </message>
    <message>
        <source>one constant for each row</source>
        <translation>每行一个常量</translation>
    </message>
    <message>
        <source>one constant for each tensor</source>
        <translation>每张量一个常量</translation>
    </message>
    <message>
        <source>blocks of %1 within rows</source>
        <translation>行内 %1 的块</translation>
    </message>
    <message>
        <source>blocks of %1</source>
        <translation>%1 的块</translation>
    </message>
    <message>
        <source>%1-bit %2</source>
        <translation>%1 比特%2</translation>
    </message>
    <message>
        <source>fp32 constants</source>
        <translation>fp32 常量</translation>
    </message>
    <message>
        <source>bf16 constants</source>
        <translation>bf16 常量</translation>
    </message>
    <message>
        <source>power-of-two constants</source>
        <translation>二的幂常量</translation>
    </message>
    <message>
        <source>FP8 constants</source>
        <translation>FP8 常量</translation>
    </message>
    <message>
        <source>double quantized</source>
        <translation>双重量化</translation>
    </message>
    <message>
        <source>signed maximum</source>
        <translation>带符号最大值</translation>
    </message>
    <message>
        <source>minus the mean</source>
        <translation>减去均值</translation>
    </message>
    <message>
        <source>minus block means</source>
        <translation>减去块均值</translation>
    </message>
    <message>
        <source>of the layer before</source>
        <translation>取自前一层</translation>
    </message>
    <message>
        <source>of the layer itself</source>
        <translation>取自本层</translation>
    </message>
    <message>
        <source>least error</source>
        <translation>最小误差</translation>
    </message>
    <message>
        <source>weighted error</source>
        <translation>加权误差</translation>
    </message>
    <message>
        <source>GPTQ</source>
        <translation>GPTQ</translation>
    </message>
    <message>
        <source>AWQ</source>
        <translation>AWQ</translation>
    </message>
    <message>
        <source>by activation</source>
        <translation>按激活值</translation>
    </message>
    <message>
        <source>embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>output head</source>
        <translation>输出头</translation>
    </message>
</context>
<context>
    <name>Drop</name>
    <message>
        <source>New sweep…</source>
        <translation>新建扫描…</translation>
    </message>
    <message>
        <source>model</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>models</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>task</source>
        <translation>个任务</translation>
    </message>
    <message>
        <source>tasks</source>
        <translation>个任务</translation>
    </message>
    <message>
        <source>%1: %2, %3 parameters</source>
        <translation>%1：%2，%3 参数</translation>
    </message>
    <message>
        <source>%1 cannot be run: %2</source>
        <translation>%1 无法运行：%2</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 个</translation>
    </message>
    <message>
        <source>This model cannot be run.</source>
        <translation>此模型无法运行。</translation>
    </message>
    <message>
        <source>A model.</source>
        <translation>一个模型。</translation>
    </message>
    <message>
        <source>%1 models.</source>
        <translation>%1 个模型。</translation>
    </message>
    <message>
        <source>A new sweep can be put together of it. Nothing starts yet.</source>
        <translation>可用它组成新的扫描。尚未启动任何内容。</translation>
    </message>
    <message>
        <source>%1 is a GGUF file of llama.cpp.</source>
        <translation>%1 是 llama.cpp 的 GGUF 文件。</translation>
    </message>
    <message>
        <source>GGUF models cannot be evaluated here. Drop the folder of the original model, or the log of llama-perplexity.</source>
        <translation>此处无法评测 GGUF 模型。请拖入原始模型的文件夹，或 llama-perplexity 的日志。</translation>
    </message>
    <message>
        <source>Version %1, architecture %2, name %3, %4 tensors.</source>
        <translation>版本 %1，架构 %2，名称 %3，%4 个张量。</translation>
    </message>
    <message>
        <source>%1 is a store of runs.</source>
        <translation>%1 是运行存储。</translation>
    </message>
    <message>
        <source>It has %1 of %2.</source>
        <translation>它有 %2 的 %1。</translation>
    </message>
    <message>
        <source>run</source>
        <translation>个运行</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>个运行</translation>
    </message>
    <message>
        <source>Open it</source>
        <translation>打开它</translation>
    </message>
    <message>
        <source>%1 is a database, but no store of runs.</source>
        <translation>%1 是数据库，但不是运行存储。</translation>
    </message>
    <message>
        <source>%1 cannot be used.</source>
        <translation>%1 无法使用。</translation>
    </message>
    <message>
        <source>%1 has no results.</source>
        <translation>%1 没有结果。</translation>
    </message>
    <message>
        <source>Results of %1.</source>
        <translation>%1 的结果。</translation>
    </message>
    <message>
        <source>%1 on %2, from %3.</source>
        <translation>%2 上的 %1，来自 %3。</translation>
    </message>
    <message>
        <source>They are added to the open store and marked as imported.</source>
        <translation>它们将加入打开的存储，并标记为已导入。</translation>
    </message>
    <message>
        <source>Add them</source>
        <translation>加入</translation>
    </message>
    <message>
        <source>%1 is not there.</source>
        <translation>%1 不存在。</translation>
    </message>
    <message>
        <source>%1 is a folder without a model or results.</source>
        <translation>%1 是既无模型也无结果的文件夹。</translation>
    </message>
    <message>
        <source>A model has config.json in it; results are results_*.json of lm-evaluation-harness.</source>
        <translation>模型中有 config.json；结果是 lm-evaluation-harness 的 results_*.json。</translation>
    </message>
    <message>
        <source>%1 are weights without their model.</source>
        <translation>%1 是没有模型的权重。</translation>
    </message>
    <message>
        <source>config.json and tokenizer.json are not beside the file.</source>
        <translation>文件旁边没有 config.json 和 tokenizer.json。</translation>
    </message>
    <message>
        <source>%1 is a figure.</source>
        <translation>%1 是图形。</translation>
    </message>
    <message>
        <source>Its view is shown again if it was exported with one.</source>
        <translation>若导出时附带视图，则重新显示该视图。</translation>
    </message>
    <message>
        <source>Show its view</source>
        <translation>显示其视图</translation>
    </message>
    <message>
        <source>There is nothing to look at.</source>
        <translation>没有可看的内容。</translation>
    </message>
    <message>
        <source>These files are of different kinds.</source>
        <translation>这些文件种类不同。</translation>
    </message>
    <message>
        <source>Drop models, results or one store at a time.</source>
        <translation>请一次拖入模型、结果或一个存储。</translation>
    </message>
    <message>
        <source>This text names no file and no model.</source>
        <translation>此文本不是文件名也不是模型名。</translation>
    </message>
    <message>
        <source>A model on the hub is called OWNER/NAME, such as EleutherAI/pythia-70m.</source>
        <translation>Hub 上的模型写作 OWNER/NAME，例如 EleutherAI/pythia-70m。</translation>
    </message>
    <message>
        <source>%1 is the name of a model on the hub.</source>
        <translation>%1 是 Hub 上模型的名称。</translation>
    </message>
    <message>
        <source>It is not in the cache of this computer. Downloading asks the hub for its size first.</source>
        <translation>它不在此计算机的缓存中。下载会先向 Hub 询问其大小。</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>下载…</translation>
    </message>
</context>
<context>
    <name>Evidence</name>
    <message>
        <source>P &gt; 0.99</source>
        <translation>P &gt; 0.99</translation>
    </message>
    <message>
        <source>P %1</source>
        <translation>P %1</translation>
    </message>
    <message>
        <source>; undecided elsewhere</source>
        <translation>；其他处未定</translation>
    </message>
    <message>
        <source>; others elsewhere</source>
        <translation type="vanished">；其他处为其他</translation>
    </message>
    <message>
        <source>; undecided below</source>
        <translation>；其下未定</translation>
    </message>
    <message>
        <source>; others below</source>
        <translation type="vanished">；其下为其他</translation>
    </message>
    <message>
        <source>; undecided above</source>
        <translation>；其上未定</translation>
    </message>
    <message>
        <source>; others above</source>
        <translation type="vanished">；其上为其他</translation>
    </message>
    <message>
        <source>at %1</source>
        <translation>在 %1 处</translation>
    </message>
    <message>
        <source>from %1 to %2</source>
        <translation>从 %1 到 %2</translation>
    </message>
    <message>
        <source>only %1 bit is measured, so widths cannot be compared</source>
        <translation>只测量了 %1 比特，因此无法比较位宽</translation>
    </message>
    <message>
        <source>no two widths have models that fit into the same memory</source>
        <translation>没有两种位宽的模型放得进同样的内存</translation>
    </message>
    <message>
        <source>%1 bit leads most often %2 as measured; how sure that is, is not known: no standard errors</source>
        <translation>按测量，%1 比特在 %2 最常领先；因无标准误，其把握未知</translation>
    </message>
    <message>
        <source>which width is best is undecided %1</source>
        <translation>%1 何种位宽最佳尚未定</translation>
    </message>
    <message>
        <source>%1 bit is best</source>
        <translation>%1 比特最佳</translation>
    </message>
    <message>
        <source>%1 bit is probably best</source>
        <translation>%1 比特可能最佳</translation>
    </message>
    <message>
        <source> of the measured models</source>
        <translation>（在已测量的模型中）</translation>
    </message>
    <message>
        <source>%1%2 %3 (%4)%5</source>
        <translation>%1%2 %3（%4）%5</translation>
    </message>
    <message>
        <source>Which width is best is undecided for %1</source>
        <translation>%1 的最佳位宽尚未定</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>; other widths are best elsewhere</source>
        <translation>；其他处以其他位宽最佳</translation>
    </message>
    <message>
        <source>; other widths are best below</source>
        <translation>；其下以其他位宽最佳</translation>
    </message>
    <message>
        <source>; other widths are best above</source>
        <translation>；其上以其他位宽最佳</translation>
    </message>
    <message>
        <source>no model can be told from guessing, so no width is best</source>
        <translation>没有模型能与随机猜测区分，因此没有最佳位宽</translation>
    </message>
</context>
<context>
    <name>FigureExport</name>
    <message>
        <source>n = %1 points</source>
        <translation>n = %1 个点</translation>
    </message>
    <message>
        <source>n = %1 of %2 points</source>
        <translation>n = %1 / %2 个点</translation>
    </message>
    <message>
        <source>; bars: ±1 standard error</source>
        <translation type="vanished">；误差棒：±1 个标准误</translation>
    </message>
    <message>
        <source>; bits of the linear layers only</source>
        <translation>；仅线性层的比特</translation>
    </message>
    <message>
        <source>; bits of the quantized layers only</source>
        <translation>；仅量化层的比特</translation>
    </message>
    <message>
        <source>; all parameters counted at k bits</source>
        <translation>；所有参数按 k 比特计</translation>
    </message>
    <message>
        <source>; linear layers at k bits, all else at 16</source>
        <translation>；线性层按 k 比特，其余按 16 比特</translation>
    </message>
    <message>
        <source>; bits of each whole model as stored</source>
        <translation>；每个完整模型存储时的比特</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>以及另外 %1 个</translation>
    </message>
    <message>
        <source>; bands: 95 % interval of the law</source>
        <translation type="vanished">；带：定律的 95 % 区间</translation>
    </message>
    <message>
        <source>; left out: %1</source>
        <translation type="vanished">；略去：%1</translation>
    </message>
    <message>
        <source>; excluded from laws and frontier: %1</source>
        <translation>；排除在定律与前沿之外：%1</translation>
    </message>
    <message>
        <source>; bars: %1</source>
        <translation>；误差棒：%1</translation>
    </message>
    <message>
        <source>, from %1 sources</source>
        <translation>，来自 %1 个来源</translation>
    </message>
    <message>
        <source>±1 SE</source>
        <translation>±1 个标准误</translation>
    </message>
    <message>
        <source>; bands: 95 %</source>
        <translation>；带：95 %</translation>
    </message>
</context>
<context>
    <name>FigureLint</name>
    <message>
        <source>The text is only %1 pt high</source>
        <translation type="vanished">文字只有 %1 pt 高</translation>
    </message>
    <message>
        <source>Choose at least %1 pt</source>
        <translation type="vanished">请至少选择 %1 pt</translation>
    </message>
    <message>
        <source>The font %1 is not here; %2 is used</source>
        <translation type="vanished">没有字体 %1；使用 %2</translation>
    </message>
    <message>
        <source>Install it, or choose another</source>
        <translation type="vanished">请安装它，或选择其他字体</translation>
    </message>
    <message>
        <source>%1 and %2 look alike in %3</source>
        <translation type="vanished">%1 与 %2 在%3下看起来相似</translation>
    </message>
    <message>
        <source>Choose another palette, or hide one of them in the legend</source>
        <translation type="vanished">选择其他配色，或在图例中隐藏其中之一</translation>
    </message>
    <message>
        <source>Points rest on different numbers of items</source>
        <translation type="vanished">各点所依据的题数不同</translation>
    </message>
    <message>
        <source>Points rest on different numbers of tasks</source>
        <translation type="vanished">各点所依据的任务数不同</translation>
    </message>
    <message>
        <source>Filter for one of them, or say so in the caption</source>
        <translation type="vanished">筛选其中之一，或在图注中说明</translation>
    </message>
    <message>
        <source>Points were scored by different versions of the evaluator</source>
        <translation type="vanished">各点由不同版本的评测器评分</translation>
    </message>
    <message>
        <source>Run the older ones again, or filter them out</source>
        <translation type="vanished">重新运行较旧的，或将其筛去</translation>
    </message>
    <message>
        <source>%1 of %2 points lie outside the axes</source>
        <translation type="vanished">%2 个点中有 %1 个在坐标轴之外</translation>
    </message>
    <message>
        <source>Export all points, or keep the note, which says so</source>
        <translation type="vanished">导出所有点，或保留说明这一点的注</translation>
    </message>
    <message>
        <source>An axis has no label</source>
        <translation type="vanished">有一条轴没有标签</translation>
    </message>
    <message>
        <source>The axis &quot;%1&quot; has no unit</source>
        <translation type="vanished">轴“%1”没有单位</translation>
    </message>
    <message>
        <source>Say the unit in the caption</source>
        <translation type="vanished">请在图注中说明单位</translation>
    </message>
    <message>
        <source>Labels of an axis overlap</source>
        <translation type="vanished">轴的标签重叠</translation>
    </message>
    <message>
        <source>Choose a larger figure or smaller text</source>
        <translation type="vanished">选择更大的图或更小的文字</translation>
    </message>
    <message>
        <source>A quarter of the figure has no room for %1 entries of the legend</source>
        <translation type="vanished">四分之一的图面放不下 %1 个图例项</translation>
    </message>
    <message>
        <source>Choose a larger figure, or show fewer series</source>
        <translation type="vanished">选择更大的图，或显示更少的序列</translation>
    </message>
    <message>
        <source>The text is only %1 pt high.</source>
        <translation>文字只有 %1 pt 高。</translation>
    </message>
    <message>
        <source>Choose at least %1 pt.</source>
        <translation>请至少选择 %1 pt。</translation>
    </message>
    <message>
        <source>%1 and %2 look alike in %3.</source>
        <translation>%1 与 %2 在%3下看起来相似。</translation>
    </message>
    <message>
        <source>Show labels, choose another palette, or hide one of the two.</source>
        <translation>请显示标签、选择其他配色，或隐藏其中之一。</translation>
    </message>
    <message>
        <source>bits</source>
        <translation>比特</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>An axis has no title.</source>
        <translation>有一条轴没有标题。</translation>
    </message>
    <message>
        <source>The axis “%1” has no unit.</source>
        <translation>轴“%1”没有单位。</translation>
    </message>
    <message>
        <source>Put the unit in parentheses behind the title.</source>
        <translation>请在标题后的括号 () 中写明单位。</translation>
    </message>
    <message>
        <source>Points rest on different numbers of items.</source>
        <translation>各点所依据的题数不同。</translation>
    </message>
    <message>
        <source>Points rest on different numbers of tasks.</source>
        <translation>各点所依据的任务数不同。</translation>
    </message>
    <message>
        <source>Filter for one of them, or say so in the caption.</source>
        <translation>请筛选其中之一，或在图注中说明。</translation>
    </message>
    <message>
        <source>The axes cut off %1 of %2 points.</source>
        <translation>%2 个点中有 %1 个在坐标轴之外。</translation>
    </message>
    <message>
        <source>Export all points, or keep the note, which says so.</source>
        <translation>请导出所有点，或保留说明这一点的附注。</translation>
    </message>
    <message>
        <source>Points were scored by different versions of the evaluator.</source>
        <translation>各点由不同版本的评测器评分。</translation>
    </message>
    <message>
        <source>Run the older ones again, or filter them out.</source>
        <translation>请重新运行较旧的，或将其筛去。</translation>
    </message>
    <message>
        <source>Numbers at an axis overlap.</source>
        <translation>轴上的数字重叠。</translation>
    </message>
    <message>
        <source>Choose a larger figure or smaller text.</source>
        <translation>请选择更大的图或更小的文字。</translation>
    </message>
    <message>
        <source>The title “%1” is longer than the figure.</source>
        <translation>标题“%1”比图形还长。</translation>
    </message>
    <message>
        <source>Shorten it, or choose smaller text.</source>
        <translation>请缩短标题，或选择更小的文字。</translation>
    </message>
    <message>
        <source>The legend has no room for %1 of its entries.</source>
        <translation>图例放不下其中 %1 项。</translation>
    </message>
    <message>
        <source>Choose a larger figure, or show fewer series.</source>
        <translation>请选择更大的图，或显示更少的序列。</translation>
    </message>
    <message>
        <source>The font %1 is not here; %2 is used.</source>
        <translation>没有字体 %1；使用 %2。</translation>
    </message>
    <message>
        <source>Install it, or choose another.</source>
        <translation>请安装它，或选择其他字体。</translation>
    </message>
</context>
<context>
    <name>FigurePreset</name>
    <message>
        <source>Paper column, ICML (234 pt)</source>
        <translation type="vanished">论文单栏，ICML（234 pt）</translation>
    </message>
    <message>
        <source>Text width, NeurIPS/ICLR (397 pt)</source>
        <translation type="vanished">版心宽度，NeurIPS/ICLR（397 pt）</translation>
    </message>
    <message>
        <source>Paper column, ACL (219 pt)</source>
        <translation type="vanished">论文单栏，ACL（219 pt）</translation>
    </message>
    <message>
        <source>Paper column, IEEE (252 pt)</source>
        <translation type="vanished">论文单栏，IEEE（252 pt）</translation>
    </message>
    <message>
        <source>Slide 16:9 (960 × 540 pt)</source>
        <translation type="vanished">幻灯片 16:9（960 × 540 pt）</translation>
    </message>
    <message>
        <source>Screen (900 × 560 pt)</source>
        <translation type="vanished">屏幕（900 × 560 pt）</translation>
    </message>
    <message>
        <source>ICML, column (3.25 in)</source>
        <translation>ICML，单栏（3.25 in）</translation>
    </message>
    <message>
        <source>NeurIPS and ICLR, text width (5.5 in)</source>
        <translation>NeurIPS 与 ICLR，版心宽（5.5 in）</translation>
    </message>
    <message>
        <source>ACL, column (7.7 cm)</source>
        <translation>ACL，单栏（7.7 cm）</translation>
    </message>
    <message>
        <source>IEEE, column (3.5 in)</source>
        <translation>IEEE，单栏（3.5 in）</translation>
    </message>
    <message>
        <source>Nature, one column (89 mm)</source>
        <translation>Nature，单栏（89 mm）</translation>
    </message>
    <message>
        <source>Nature, two columns (183 mm)</source>
        <translation>Nature，双栏（183 mm）</translation>
    </message>
    <message>
        <source>Slide, 16:9</source>
        <translation>幻灯片，16:9</translation>
    </message>
    <message>
        <source>Poster (30 × 20 cm)</source>
        <translation>海报（30 × 20 cm）</translation>
    </message>
    <message>
        <source>Screen</source>
        <translation>屏幕</translation>
    </message>
</context>
<context>
    <name>FormatWords</name>
    <message>
        <source>16-bit float</source>
        <translation>16 位浮点</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>integer</source>
        <translation>整数</translation>
    </message>
    <message>
        <source>float</source>
        <translation>浮点</translation>
    </message>
    <message>
        <source>dynamic exponent</source>
        <translation>动态指数</translation>
    </message>
    <message>
        <source>quantiles</source>
        <translation>分位数</translation>
    </message>
    <message>
        <source>quantiles of blocks</source>
        <translation>块的分位数</translation>
    </message>
    <message>
        <source>normal float</source>
        <translation>正态浮点</translation>
    </message>
    <message>
        <source>symmetric normal float</source>
        <translation>对称正态浮点</translation>
    </message>
    <message>
        <source>absolute float</source>
        <translation>绝对浮点</translation>
    </message>
    <message>
        <source>learned table</source>
        <translation>学习所得码表</translation>
    </message>
    <message>
        <source>round to nearest</source>
        <translation>就近取整</translation>
    </message>
    <message>
        <source>not quantized</source>
        <translation>未量化</translation>
    </message>
</context>
<context>
    <name>FrontierPlot</name>
    <message>
        <source>frontier</source>
        <translation>前沿</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>每权重比特数</translation>
    </message>
    <message>
        <source>Block size</source>
        <translation>块大小</translation>
    </message>
    <message>
        <source>Data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Pareto frontier</source>
        <translation>帕累托前沿</translation>
    </message>
    <message>
        <source>frontier, %1</source>
        <translation>前沿，%1</translation>
    </message>
    <message>
        <source>and %1 frontiers more</source>
        <translation>以及另外 %1 条前沿</translation>
    </message>
    <message>
        <source>Scored differently, so not joined.</source>
        <translation>评分方式不同，因此不相连。</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>模型族</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>线</translation>
    </message>
    <message>
        <source>fitted law</source>
        <translation>拟合的定律</translation>
    </message>
    <message>
        <source>extrapolated</source>
        <translation>外推</translation>
    </message>
    <message>
        <source>weak fit, R² &lt; %1</source>
        <translation>拟合较弱，R² &lt; %1</translation>
    </message>
    <message>
        <source>interpolated, no law</source>
        <translation>插值，无定律</translation>
    </message>
    <message>
        <source>mean of each model</source>
        <translation>每个模型的均值</translation>
    </message>
    <message>
        <source>model means</source>
        <translation>模型均值</translation>
    </message>
    <message>
        <source>guessing</source>
        <translation>随机猜测</translation>
    </message>
    <message>
        <source>interpolated</source>
        <translation>插值</translation>
    </message>
    <message>
        <source>on the frontier: the thicker, the surer</source>
        <translation>在前沿上：越粗越确定</translation>
    </message>
    <message>
        <source>P(on frontier)</source>
        <translation>P(在前沿上)</translation>
    </message>
    <message>
        <source>could be on it (tie)</source>
        <translation>可能在前沿上（不分上下）</translation>
    </message>
    <message>
        <source>tie</source>
        <translation>不分上下</translation>
    </message>
    <message>
        <source>lossless %1 bit</source>
        <translation>无损 %1 比特</translation>
    </message>
    <message>
        <source>predicted, 95 %</source>
        <translation>预测，95 %</translation>
    </message>
    <message>
        <source>%1, %2 bit</source>
        <translation>%1，%2 比特</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source> bit</source>
        <translation> 比特</translation>
    </message>
</context>
<context>
    <name>GpuMemory</name>
    <message>
        <source>unknown: NVIDIA&apos;s management library is too old</source>
        <translation>未知：NVIDIA 管理库太旧</translation>
    </message>
    <message>
        <source>unknown: NVIDIA&apos;s driver does not answer</source>
        <translation>未知：NVIDIA 驱动没有响应</translation>
    </message>
    <message>
        <source>unknown: no GPU answers</source>
        <translation>未知：没有 GPU 响应</translation>
    </message>
    <message>
        <source>unknown: no NVIDIA driver on this machine</source>
        <translation>未知：此机器没有 NVIDIA 驱动</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>题目</translation>
    </message>
    <message>
        <source>Items that were scored</source>
        <translation>已评分的题目</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 比特</translation>
    </message>
    <message>
        <source>%1 bit</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>block %1</source>
        <translation>块 %1</translation>
    </message>
    <message>
        <source> nats per token</source>
        <translation> 奈特/词元</translation>
    </message>
    <message>
        <source>codes</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>scales</source>
        <translation>缩放因子</translation>
    </message>
    <message>
        <source>means</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>outliers</source>
        <translation>离群值</translation>
    </message>
    <message>
        <source>rows, tables</source>
        <translation>行、码表</translation>
    </message>
    <message>
        <source>embeddings, norms, head</source>
        <translation>嵌入、归一化、输出头</translation>
    </message>
    <message>
        <source>%1 items won, %2 lost</source>
        <translation>赢 %1 题，输 %2 题</translation>
    </message>
    <message>
        <source>not paired: %1</source>
        <translation>未配对：%1</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>尚不清楚</translation>
    </message>
    <message>
        <source>a %1 model of %2 ± %3 (95 %: %4 to %5)</source>
        <translation>相当于 %2 ± %3 的 %1 模型（95 %：%4 至 %5）</translation>
    </message>
    <message>
        <source> (%1 to %2)</source>
        <translation>（%1 至 %2）</translation>
    </message>
    <message>
        <source>p not known</source>
        <translation>p 未知</translation>
    </message>
    <message>
        <source>p &lt; %1</source>
        <translation>p &lt; %1</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>What is stored</source>
        <translation>存储的内容</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>数值</translation>
    </message>
    <message>
        <source>As stored</source>
        <translation>存储值</translation>
    </message>
    <message>
        <source>What was scored</source>
        <translation>评分的内容</translation>
    </message>
    <message>
        <source>Value (95 %)</source>
        <translation>数值（95 %）</translation>
    </message>
    <message>
        <source>Accuracy or cross-entropy with its interval</source>
        <translation>准确率或交叉熵及其区间</translation>
    </message>
    <message>
        <source>Point</source>
        <translation>数据点</translation>
    </message>
    <message>
        <source>Model and configuration</source>
        <translation>模型与配置</translation>
    </message>
    <message>
        <source>The metric with its interval</source>
        <translation>指标及其区间</translation>
    </message>
    <message>
        <source>Δ to 16 bit</source>
        <translation>与 16 比特之差</translation>
    </message>
    <message>
        <source>Difference to the 16-bit form on the same items</source>
        <translation>在相同题目上与 16 比特版本之差</translation>
    </message>
    <message>
        <source>Total bits under the view&apos;s rule</source>
        <translation>按视图规则的总比特数</translation>
    </message>
    <message>
        <source>Bits a parameter</source>
        <translation>每参数比特数</translation>
    </message>
    <message>
        <source>Of the whole model</source>
        <translation>整个模型的</translation>
    </message>
    <message>
        <source> (guessing: %1 %)</source>
        <translation>（随机猜测：%1 %）</translation>
    </message>
    <message>
        <source>Against 16 bit</source>
        <translation>与 16 比特相比</translation>
    </message>
    <message>
        <source>Equals</source>
        <translation>相当于</translation>
    </message>
    <message>
        <source>On the frontier</source>
        <translation>在前沿上</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>名次</translation>
    </message>
    <message>
        <source>Incomplete</source>
        <translation>不完整</translation>
    </message>
    <message>
        <source>without %1, which its peers have; it takes no part in laws</source>
        <translation>缺少同类所有的 %1；不参与定律</translation>
    </message>
    <message>
        <source>Model folder</source>
        <translation>模型文件夹</translation>
    </message>
    <message>
        <source>Model SHA-256</source>
        <translation>模型 SHA-256</translation>
    </message>
    <message>
        <source>%1, %2 of them in linear layers</source>
        <translation>%1，其中 %2 在线性层</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>校准</translation>
    </message>
    <message>
        <source>Items SHA-256, %1</source>
        <translation>题目 SHA-256，%1</translation>
    </message>
    <message>
        <source>Items a task</source>
        <translation>每任务题数</translation>
    </message>
    <message>
        <source>Evaluator</source>
        <translation>评测器</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首词元</translation>
    </message>
    <message>
        <source>Longest input</source>
        <translation>最长输入</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 个词元</translation>
    </message>
    <message>
        <source>as many tokens as the model takes</source>
        <translation>模型可接受的最多词元</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>生成于</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Runs in the store</source>
        <translation>存储中的运行</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Bits: %1.</source>
        <translation>比特：%1。</translation>
    </message>
    <message>
        <source>%1 bits a constant</source>
        <translation>每常量 %1 比特</translation>
    </message>
    <message>
        <source>%1 = %2 bits a weight; whole model %3 bits a parameter, %4.</source>
        <translation>%1 = 每权重 %2 比特；整个模型每参数 %3 比特，%4。</translation>
    </message>
</context>
<context>
    <name>PaperFigures</name>
    <message>
        <source>Figure &amp;2: 3, 4, 8 and 16 bit by family</source>
        <translation>图 &amp;2：按模型族，3、4、8 和 16 比特</translation>
    </message>
    <message>
        <source>Figure &amp;3: data types at 4 bit by block size</source>
        <translation>图 &amp;3：按块大小，4 比特的数据类型</translation>
    </message>
    <message>
        <source>Figure &amp;7: all widths from 3 to 16 bit by family</source>
        <translation>图 &amp;7：按模型族，3 至 16 比特的所有位宽</translation>
    </message>
    <message>
        <source>Figure &amp;8: block sizes at 4 bit by family</source>
        <translation>图 &amp;8：按模型族，4 比特的块大小</translation>
    </message>
    <message>
        <source>Figure &amp;11: block sizes at 6 bit by family</source>
        <translation>图 &amp;11：按模型族，6 比特的块大小</translation>
    </message>
    <message>
        <source>The store has no accuracies.</source>
        <translation>存储中没有准确率。</translation>
    </message>
    <message>
        <source>The store has runs of only one bit width.</source>
        <translation>存储中只有一种位宽的运行。</translation>
    </message>
    <message>
        <source>The store has no runs at %1 bit.</source>
        <translation>存储中没有 %1 比特的运行。</translation>
    </message>
    <message>
        <source>The store has only one data type and block size at 4 bit.</source>
        <translation>存储中 4 比特只有一种数据类型和块大小。</translation>
    </message>
    <message>
        <source>The store has only one block size at %1 bit.</source>
        <translation>存储中 %1 比特只有一种块大小。</translation>
    </message>
</context>
<context>
    <name>PlotValues</name>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Total bits of the linear layers</source>
        <translation>线性层总比特数</translation>
    </message>
    <message>
        <source>Total model bits (all parameters at k bits)</source>
        <translation>模型总比特数（所有参数按 k 比特）</translation>
    </message>
    <message>
        <source>Total model bits</source>
        <translation>模型总比特数</translation>
    </message>
    <message>
        <source>no total bits</source>
        <translation>没有总比特数</translation>
    </message>
    <message>
        <source>memory not known</source>
        <translation>内存未知</translation>
    </message>
    <message>
        <source>no number of parameters</source>
        <translation>没有参数量</translation>
    </message>
    <message>
        <source>no duration</source>
        <translation>没有用时</translation>
    </message>
    <message>
        <source>not paired with 16 bit</source>
        <translation>未与 16 比特配对</translation>
    </message>
    <message>
        <source>no law describes them</source>
        <translation>没有定律描述它们</translation>
    </message>
    <message>
        <source>no accuracy</source>
        <translation>没有准确率</translation>
    </message>
    <message>
        <source>no cross-entropy</source>
        <translation>没有交叉熵</translation>
    </message>
    <message>
        <source>not above 0 on the logarithmic x axis</source>
        <translation>在对数 x 轴上不大于 0</translation>
    </message>
    <message>
        <source>not above 0 on the logarithmic y axis</source>
        <translation>在对数 y 轴上不大于 0</translation>
    </message>
    <message>
        <source>95 % of the paired difference</source>
        <translation>配对差的 95 % 区间</translation>
    </message>
    <message>
        <source>±1 standard error</source>
        <translation>±1 个标准误</translation>
    </message>
    <message>
        <source>Memory (bytes), weights and cache of %1 tokens</source>
        <translation>内存（字节），权重与 %1 个词元的缓存</translation>
    </message>
    <message>
        <source>Memory of the weights (bytes)</source>
        <translation>权重的内存（字节）</translation>
    </message>
    <message>
        <source>Time of the evaluation (s)</source>
        <translation>评测用时（秒）</translation>
    </message>
    <message>
        <source>Accuracy minus that at 16 bit (points)</source>
        <translation>准确率减去 16 比特时的准确率（百分点）</translation>
    </message>
    <message>
        <source>Cross-entropy minus that at 16 bit (nats per token)</source>
        <translation>交叉熵减去 16 比特时的交叉熵（奈特/词元）</translation>
    </message>
    <message>
        <source>Accuracy minus the law (points)</source>
        <translation>准确率减去定律值（百分点）</translation>
    </message>
    <message>
        <source>Cross-entropy minus the law (nats per token)</source>
        <translation>交叉熵减去定律值（奈特/词元）</translation>
    </message>
    <message>
        <source>Mean zero-shot error (%)</source>
        <translation>平均零样本错误率 (%)</translation>
    </message>
    <message>
        <source>Error on %1 (%)</source>
        <translation>%1 上的错误率 (%)</translation>
    </message>
    <message>
        <source>Accuracy on %1 (%)</source>
        <translation>%1 上的准确率 (%)</translation>
    </message>
    <message>
        <source>Cross-entropy of %1 (nats per token)</source>
        <translation>%1 的交叉熵（奈特/词元）</translation>
    </message>
    <message>
        <source>%1 hidden: %2</source>
        <translation>隐藏 %1：%2</translation>
    </message>
    <message>
        <source>point</source>
        <translation>个点</translation>
    </message>
    <message>
        <source>points</source>
        <translation>个点</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>%1 parameters</source>
        <translation>%1 参数</translation>
    </message>
</context>
<context>
    <name>RunsTables</name>
    <message>
        <source>measured</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Model name</source>
        <translation type="vanished">模型名称</translation>
    </message>
    <message>
        <source>Configuration</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Data type, bits and block size</source>
        <translation>数据类型、比特数和块大小</translation>
    </message>
    <message>
        <source>Accuracy %</source>
        <translation>准确率 %</translation>
    </message>
    <message>
        <source>Mean zero-shot accuracy over the tasks, percent</source>
        <translation>各任务零样本准确率的均值，百分比</translation>
    </message>
    <message>
        <source>± SE</source>
        <translation>± SE</translation>
    </message>
    <message>
        <source>Standard error of the accuracy, percentage points</source>
        <translation>准确率的标准误，百分点</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Total model bits as bytes</source>
        <translation>以字节计的模型总比特</translation>
    </message>
    <message>
        <source>Bits/param</source>
        <translation>比特/参数</translation>
    </message>
    <message>
        <source>Total model bits divided by all parameters</source>
        <translation>模型总比特数除以所有参数</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>Nats per token of the text tasks</source>
        <translation>文本任务每词元的奈特数</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>比特</translation>
    </message>
    <message>
        <source>Bits per weight, k</source>
        <translation>每权重比特数 k</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Data type of the codes</source>
        <translation>编码的数据类型</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Weights that share one constant</source>
        <translation>共享一个常量的权重</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Parameters of the model</source>
        <translation>模型的参数量</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>How weights were rounded; rtn is round to nearest</source>
        <translation type="vanished">权重如何取整；rtn 为就近取整</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Tasks behind the accuracy; points of fewer tasks are incomplete</source>
        <translation>准确率所依据的任务；任务较少的点是不完整的</translation>
    </message>
    <message>
        <source>Items</source>
        <translation>题目</translation>
    </message>
    <message>
        <source>Items asked for per task</source>
        <translation>每任务要求的题数</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Measured here, or the paper, program or file it is from</source>
        <translation>在此测量，或其来源的论文、程序或文件</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Number of the run in the store</source>
        <translation>运行在存储中的编号</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Zero-shot task or text</source>
        <translation>零样本任务或文本</translation>
    </message>
    <message>
        <source>Correct items, percent</source>
        <translation>答对的题目，百分比</translation>
    </message>
    <message>
        <source>Standard error, percentage points</source>
        <translation>标准误，百分点</translation>
    </message>
    <message>
        <source>Nats per token</source>
        <translation>每词元奈特数</translation>
    </message>
    <message>
        <source>Items that were scored</source>
        <translation>已评分的题目</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>How the run ended; failed runs say why</source>
        <translation>运行如何结束；失败的运行说明原因</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Wall time of the run</source>
        <translation>运行的实际时间</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Where it ran</source>
        <translation>在哪里运行</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Date and time, UTC</source>
        <translation>日期与时间，UTC</translation>
    </message>
    <message>
        <source>%1 [%2, %3]</source>
        <translation>%1 [%2, %3]</translation>
    </message>
    <message>
        <source>Model name, sorted by family and size</source>
        <translation>模型名称，按族与规模排序</translation>
    </message>
    <message>
        <source>How weights were rounded</source>
        <translation>权重如何取整</translation>
    </message>
    <message>
        <source>Size (bytes)</source>
        <translation>大小（字节）</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>模型族</translation>
    </message>
    <message>
        <source>Models that differ in size</source>
        <translation>规模不同的模型</translation>
    </message>
    <message>
        <source>Δ accuracy</source>
        <translation>Δ 准确率</translation>
    </message>
    <message>
        <source>Δ accuracy to 16 bit (points)</source>
        <translation>与 16 比特的准确率差（百分点）</translation>
    </message>
    <message>
        <source>Accuracy less that of the same model at 16 bit, percentage points, with its 95 % interval over the same items where they are stored</source>
        <translation>准确率减去同一模型 16 比特时的准确率，百分点；题目结果已存储时附相同题目上的 95 % 区间</translation>
    </message>
    <message>
        <source>Δ cross-entropy</source>
        <translation>Δ 交叉熵</translation>
    </message>
    <message>
        <source>Δ cross-entropy to 16 bit (nats per token)</source>
        <translation>与 16 比特的交叉熵差（奈特/词元）</translation>
    </message>
    <message>
        <source>Cross-entropy less that of the same model at 16 bit, nats per token</source>
        <translation>交叉熵减去同一模型 16 比特时的交叉熵，奈特/词元</translation>
    </message>
    <message>
        <source>Names of the tasks</source>
        <translation>任务名称</translation>
    </message>
    <message>
        <source>Tasks behind the accuracy</source>
        <translation>准确率所依据的任务</translation>
    </message>
</context>
<context>
    <name>SeriesValue</name>
    <message>
        <source>%1 bit</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>16 bit</source>
        <translation>16 比特</translation>
    </message>
    <message>
        <source>no blocks</source>
        <translation>无块</translation>
    </message>
    <message>
        <source>block %1</source>
        <translation>块 %1</translation>
    </message>
</context>
<context>
    <name>SweepGrid</name>
    <message>
        <source>not looked at yet</source>
        <translation>尚未查看</translation>
    </message>
    <message>
        <source>new, will be run</source>
        <translation>新的，将运行</translation>
    </message>
    <message>
        <source>in part stored, the rest will be run</source>
        <translation>部分已存储，其余将运行</translation>
    </message>
    <message>
        <source>failed before, will be run again</source>
        <translation>先前失败，将重新运行</translation>
    </message>
    <message>
        <source>done, reused</source>
        <translation>已完成，复用</translation>
    </message>
    <message>
        <source>the same cells as another configuration, run once</source>
        <translation>与另一配置的单元相同，只运行一次</translation>
    </message>
    <message>
        <source>in the queue already, reused from there</source>
        <translation>已在队列中，从那里复用</translation>
    </message>
    <message>
        <source>will not fit, left out</source>
        <translation>放不下，略去</translation>
    </message>
    <message>
        <source>the model cannot be run</source>
        <translation>该模型无法运行</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>略去</translation>
    </message>
    <message>
        <source>A stored run of this name is of another model: its weights or config.json differ (hash %1, now %2)</source>
        <translation>存储中同名的运行属于另一模型：权重或 config.json 不同（哈希 %1，现为 %2）</translation>
    </message>
    <message>
        <source>The stored run of %1 has other items per task (%2, now %3)</source>
        <translation>%1 的存储运行每任务题数不同（%2，现为 %3）</translation>
    </message>
    <message>
        <source>The stored run of %1 is of other items (hash %2, now %3)</source>
        <translation>%1 的存储运行题目不同（哈希 %2，现为 %3）</translation>
    </message>
    <message>
        <source>The stored run of %1 is of evaluator version %2, now %3</source>
        <translation>%1 的存储运行属于评测器版本 %2，现为 %3</translation>
    </message>
    <message>
        <source>The stored run of %1 has another rule for the first token (%2, now %3)</source>
        <translation>%1 的存储运行首词元规则不同（%2，现为 %3）</translation>
    </message>
    <message>
        <source>The stored run of %1 has another longest input (%2, now %3)</source>
        <translation>%1 的存储运行最长输入不同（%2，现为 %3）</translation>
    </message>
    <message>
        <source>The stored run of %1 has another calibration text (%2, now %3)</source>
        <translation>%1 的存储运行校准文本不同（%2，现为 %3）</translation>
    </message>
    <message>
        <source>%1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>%1 of %2 tasks are stored</source>
        <translation>%2 个任务中已存储 %1 个</translation>
    </message>
    <message>
        <source>Time: unknown, nothing has run on this device yet</source>
        <translation>时间：未知，此设备上尚未运行过</translation>
    </message>
    <message>
        <source>Time: %1</source>
        <translation>时间：%1</translation>
    </message>
    <message>
        <source>weights %1</source>
        <translation>权重 %1</translation>
    </message>
    <message>
        <source>quantized %1</source>
        <translation>量化后 %1</translation>
    </message>
    <message>
        <source>working %1</source>
        <translation>工作区 %1</translation>
    </message>
    <message>
        <source>calibration %1</source>
        <translation>校准 %1</translation>
    </message>
    <message>
        <source>Memory: about %1 (%2)</source>
        <translation>内存：约 %1（%2）</translation>
    </message>
    <message>
        <source>Needs %1, has %2. A click runs it all the same.</source>
        <translation>需要 %1，现有 %2。单击仍会运行。</translation>
    </message>
</context>
<context>
    <name>Text</name>
    <message>
        <source>about %1</source>
        <translation>约 %1</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>whole tensor</source>
        <translation>整个张量</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>Mean zero-shot accuracy (%)</source>
        <translation>平均零样本准确率 (%)</translation>
    </message>
    <message>
        <source>Cross-entropy (nats per token)</source>
        <translation>交叉熵（奈特/词元）</translation>
    </message>
    <message>
        <source>measured here</source>
        <translation>在此测量</translation>
    </message>
    <message>
        <source>published: %1</source>
        <translation>已发表：%1</translation>
    </message>
    <message>
        <source>imported: %1</source>
        <translation>已导入：%1</translation>
    </message>
    <message>
        <source>Linear layers</source>
        <translation>线性层</translation>
    </message>
    <message>
        <source>All at k bits</source>
        <translation>全部按 k 比特</translation>
    </message>
    <message>
        <source>Whole checkpoint</source>
        <translation>整个检查点</translation>
    </message>
</context>
<context>
    <name>ViewUndo</name>
    <message>
        <source>exclude 1 point</source>
        <translation>排除 1 个点</translation>
    </message>
    <message>
        <source>exclude %1 points</source>
        <translation>排除 %1 个点</translation>
    </message>
    <message>
        <source>take back 1 point</source>
        <translation>收回 1 个点</translation>
    </message>
    <message>
        <source>take back %1 points</source>
        <translation>收回 %1 个点</translation>
    </message>
    <message>
        <source>change a reason</source>
        <translation>更改理由</translation>
    </message>
    <message>
        <source>no baseline</source>
        <translation>无基线</translation>
    </message>
    <message>
        <source>set baseline</source>
        <translation>设定基线</translation>
    </message>
    <message>
        <source>filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>choice of a set</source>
        <translation>选择集合</translation>
    </message>
    <message>
        <source>choice of stores</source>
        <translation>选择存储</translation>
    </message>
    <message>
        <source>change of axis</source>
        <translation>更改坐标轴</translation>
    </message>
    <message>
        <source>change of counting rule</source>
        <translation>更改计数规则</translation>
    </message>
    <message>
        <source>change of series</source>
        <translation>更改序列</translation>
    </message>
    <message>
        <source>change of what is shown</source>
        <translation>更改显示内容</translation>
    </message>
    <message>
        <source>show or hide series</source>
        <translation>显示或隐藏序列</translation>
    </message>
    <message>
        <source>change of display</source>
        <translation>更改显示</translation>
    </message>
</context>
<context>
    <name>Vision</name>
    <message>
        <source>full colour</source>
        <translation>全彩</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>deuteranopia</source>
        <translation>绿色盲</translation>
    </message>
    <message>
        <source>protanopia</source>
        <translation>红色盲</translation>
    </message>
    <message>
        <source>tritanopia</source>
        <translation>蓝色盲</translation>
    </message>
</context>
<context>
    <name>bitfrontier</name>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Family and what its points have in common</source>
        <translation>模型族及其点的共同之处</translation>
    </message>
    <message>
        <source>Law</source>
        <translation>定律</translation>
    </message>
    <message>
        <source>What the series is drawn by: the law that the data choose</source>
        <translation>绘制该序列所依据的：由数据选出的定律</translation>
    </message>
    <message>
        <source>Lack of fit</source>
        <translation>拟合不足</translation>
    </message>
    <message>
        <source>Scatter of the points around the law beyond their own errors, in points of accuracy or nats</source>
        <translation>点围绕定律的散布超出自身误差的部分，以准确率百分点或奈特计</translation>
    </message>
    <message>
        <source>R²</source>
        <translation>R²</translation>
    </message>
    <message>
        <source>Share of the variance of the series that the law explains</source>
        <translation>定律所解释的序列方差比例</translation>
    </message>
    <message>
        <source>n</source>
        <translation>n</translation>
    </message>
    <message>
        <source>Points of the series</source>
        <translation>序列的点数</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Why this law, or why none</source>
        <translation>为何是此定律，或为何没有</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Parameter</source>
        <translation>参数</translation>
    </message>
    <message>
        <source>Its name in the formula</source>
        <translation>它在公式中的名称</translation>
    </message>
    <message>
        <source>Value (95 %)</source>
        <translation>数值（95 %）</translation>
    </message>
    <message>
        <source>With its interval: by standard error, or by profile where asked for</source>
        <translation>连同区间：按标准误，或在要求时按轮廓似然</translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>区间</translation>
    </message>
    <message>
        <source>What the interval is from</source>
        <translation>区间的来源</translation>
    </message>
    <message>
        <source>profile</source>
        <translation>轮廓似然</translation>
    </message>
    <message>
        <source>standard error</source>
        <translation>标准误</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>What limits the parameter</source>
        <translation>参数受何限制</translation>
    </message>
    <message>
        <source>Meaning</source>
        <translation>含义</translation>
    </message>
    <message>
        <source>What the parameter is</source>
        <translation>该参数是什么</translation>
    </message>
    <message>
        <source>Its short name</source>
        <translation>简称</translation>
    </message>
    <message>
        <source>%1, chosen</source>
        <translation>%1，已选</translation>
    </message>
    <message>
        <source>AICc</source>
        <translation>AICc</translation>
    </message>
    <message>
        <source>On the points that all usable laws take; lower is better</source>
        <translation>在所有可用定律都采用的点上；越低越好</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>差</translation>
    </message>
    <message>
        <source>To the chosen law; below 2 is no clear difference</source>
        <translation>与所选定律之差；小于 2 没有明显差别</translation>
    </message>
    <message>
        <source>Free ones</source>
        <translation>自由参数</translation>
    </message>
    <message>
        <source>Admissible</source>
        <translation>可采纳</translation>
    </message>
    <message>
        <source>Or why the law is refused</source>
        <translation>或定律为何被拒绝</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>refused: %1</source>
        <translation>被拒绝：%1</translation>
    </message>
    <message>
        <source>What it says</source>
        <translation>表述</translation>
    </message>
    <message>
        <source>The law in words</source>
        <translation>用文字表述的定律</translation>
    </message>
    <message>
        <source>AICc difference</source>
        <translation>AICc 之差</translation>
    </message>
    <message>
        <source>To the best</source>
        <translation>与最佳者</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Akaike weight</source>
        <translation>赤池权重</translation>
    </message>
    <message>
        <source>Left-out size</source>
        <translation>留出规模</translation>
    </message>
    <message>
        <source>RMSE of each size as a fit to the others predicts it, points or nats</source>
        <translation>由其余规模的拟合预测每个规模的均方根误差，百分点或奈特</translation>
    </message>
    <message>
        <source>Covered</source>
        <translation>覆盖</translation>
    </message>
    <message>
        <source>Share of these points inside their 95 % interval</source>
        <translation>这些点落在其 95 % 区间内的比例</translation>
    </message>
    <message>
        <source>Left-out largest</source>
        <translation>留出最大者</translation>
    </message>
    <message>
        <source>The same of the largest size alone</source>
        <translation>仅对最大规模的同一量</translation>
    </message>
    <message>
        <source>Usable</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>Refused laws say nothing</source>
        <translation>被拒绝的定律不作任何断言</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
</context>
<context>
    <name>bitfrontier::Actions</name>
    <message>
        <source>&amp;New sweep…</source>
        <translation>新建扫描(&amp;N)…</translation>
    </message>
    <message>
        <source>Quantize and evaluate models under a grid of configurations</source>
        <translation>在一组配置的网格下量化并评测模型</translation>
    </message>
    <message>
        <source>&amp;Open store…</source>
        <translation>打开存储(&amp;O)…</translation>
    </message>
    <message>
        <source>Opens a store of runs (.bfdb) or makes a new one</source>
        <translation>打开一个运行存储（.bfdb），或新建一个</translation>
    </message>
    <message>
        <source>Add &amp;published results</source>
        <translation>添加已发表结果(&amp;P)</translation>
    </message>
    <message>
        <source>Adds the shipped numbers from papers to this store</source>
        <translation>把随程序附带的论文数据加入此存储</translation>
    </message>
    <message>
        <source>&amp;Export figure…</source>
        <translation>导出图形(&amp;E)…</translation>
    </message>
    <message>
        <source>Saves the plot as PDF, SVG or PNG</source>
        <translation type="vanished">把图保存为 PDF、SVG 或 PNG</translation>
    </message>
    <message>
        <source>Export &amp;laws…</source>
        <translation>导出定律(&amp;L)…</translation>
    </message>
    <message>
        <source>Saves the fitted laws as JSON or CSV</source>
        <translation>把拟合的定律保存为 JSON 或 CSV</translation>
    </message>
    <message>
        <source>Export poin&amp;ts…</source>
        <translation>导出数据点(&amp;T)…</translation>
    </message>
    <message>
        <source>Saves the points that are seen, or all that pass the filter, as CSV</source>
        <translation>把可见的或通过筛选的数据点保存为 CSV</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>Closes the program</source>
        <translation>关闭程序</translation>
    </message>
    <message>
        <source>Copy &amp;figure</source>
        <translation>复制图形(&amp;F)</translation>
    </message>
    <message>
        <source>Puts the figure on the clipboard</source>
        <translation>把图形放到剪贴板</translation>
    </message>
    <message>
        <source>&amp;Copy table rows</source>
        <translation>复制表格行(&amp;C)</translation>
    </message>
    <message>
        <source>Copies the selected rows, or all, for a spreadsheet</source>
        <translation>复制选中的行或全部行，供电子表格使用</translation>
    </message>
    <message>
        <source>Copy &amp;laws</source>
        <translation>复制定律(&amp;L)</translation>
    </message>
    <message>
        <source>Copies the table of laws for a spreadsheet</source>
        <translation>复制定律表格，供电子表格使用</translation>
    </message>
    <message>
        <source>Fi&amp;lter</source>
        <translation>筛选(&amp;L)</translation>
    </message>
    <message>
        <source>Goes to the filter box</source>
        <translation>转到筛选框</translation>
    </message>
    <message>
        <source>&amp;Fitted laws</source>
        <translation>拟合的定律(&amp;F)</translation>
    </message>
    <message>
        <source>Draws the fitted law of each series</source>
        <translation>绘制每个序列的拟合定律</translation>
    </message>
    <message>
        <source>&amp;Means</source>
        <translation>均值(&amp;M)</translation>
    </message>
    <message>
        <source>Joins the mean of each model by straight lines</source>
        <translation>用直线连接每个模型的均值</translation>
    </message>
    <message>
        <source>F&amp;rontier</source>
        <translation>前沿(&amp;R)</translation>
    </message>
    <message>
        <source>Draws the Pareto frontier: no point has both fewer bits and a better value</source>
        <translation>绘制帕累托前沿：没有别的点比特更少且数值更好</translation>
    </message>
    <message>
        <source>&amp;Error bars</source>
        <translation>误差棒(&amp;E)</translation>
    </message>
    <message>
        <source>Draws one standard error up and down</source>
        <translation>上下各绘制一个标准误</translation>
    </message>
    <message>
        <source>I&amp;ncomplete points</source>
        <translation>不完整的点(&amp;N)</translation>
    </message>
    <message>
        <source>Shows points that lack some of the tasks that others have; no line joins them with those</source>
        <translation>显示缺少某些任务的点；没有线把它们与完整的点相连</translation>
    </message>
    <message>
        <source>Fit &amp;all</source>
        <translation>显示全部(&amp;A)</translation>
    </message>
    <message>
        <source>Shows all points (Home in the plot)</source>
        <translation>显示所有点（在图中按 Home 键）</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>放大(&amp;I)</translation>
    </message>
    <message>
        <source>Shows less, larger</source>
        <translation>显示更小的范围，更大</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>缩小(&amp;O)</translation>
    </message>
    <message>
        <source>Shows more, smaller</source>
        <translation>显示更大的范围，更小</translation>
    </message>
    <message>
        <source>&amp;Show every series</source>
        <translation>显示每个序列(&amp;S)</translation>
    </message>
    <message>
        <source>Undoes the isolation of legend entries</source>
        <translation>取消图例项的单独显示</translation>
    </message>
    <message>
        <source>Like the &amp;system</source>
        <translation>跟随系统(&amp;S)</translation>
    </message>
    <message>
        <source>Follows the desktop</source>
        <translation>跟随桌面设置</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>浅色(&amp;L)</translation>
    </message>
    <message>
        <source>Dark text on light ground</source>
        <translation>浅色背景上的深色文字</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>深色(&amp;D)</translation>
    </message>
    <message>
        <source>Light text on dark ground</source>
        <translation>深色背景上的浅色文字</translation>
    </message>
    <message>
        <source>&amp;High contrast</source>
        <translation>高对比度(&amp;H)</translation>
    </message>
    <message>
        <source>White and yellow on black, for weak eyes</source>
        <translation>黑底白字与黄色，适合视力较弱者</translation>
    </message>
    <message>
        <source>Reset la&amp;yout</source>
        <translation>重置布局(&amp;Y)</translation>
    </message>
    <message>
        <source>Puts all panels back where they were</source>
        <translation>把所有面板放回原处</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全屏(&amp;U)</translation>
    </message>
    <message>
        <source>Uses the whole screen</source>
        <translation>使用整个屏幕</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>Pauses the sweep after its current batch</source>
        <translation>在当前批次之后暂停扫描</translation>
    </message>
    <message>
        <source>&amp;Cancel sweep</source>
        <translation>取消扫描(&amp;C)</translation>
    </message>
    <message>
        <source>Stops the sweep after its current batch; finished cells stay stored</source>
        <translation>在当前批次之后停止扫描；已完成的单元仍被保存</translation>
    </message>
    <message>
        <source>&amp;Keyboard and mouse</source>
        <translation>键盘与鼠标(&amp;K)</translation>
    </message>
    <message>
        <source>Says how the plot is used</source>
        <translation>说明如何使用图</translation>
    </message>
    <message>
        <source>&amp;About Bitfrontier</source>
        <translation>关于 Bitfrontier(&amp;A)</translation>
    </message>
    <message>
        <source>Version and licence</source>
        <translation>版本与许可证</translation>
    </message>
    <message>
        <source>About &amp;Qt</source>
        <translation>关于 Qt(&amp;Q)</translation>
    </message>
    <message>
        <source>The toolkit of this window</source>
        <translation>此窗口所用的工具包</translation>
    </message>
    <message>
        <source>Copy table rows as CS&amp;V</source>
        <translation>复制表格行为 CSV(&amp;V)</translation>
    </message>
    <message>
        <source>Copies the selected rows, or all, with all digits</source>
        <translation>复制选中的行或全部行，含所有数位</translation>
    </message>
    <message>
        <source>Copy table rows as &amp;Markdown</source>
        <translation>复制表格行为 Markdown(&amp;M)</translation>
    </message>
    <message>
        <source>Copies the selected rows, or all, as they are shown</source>
        <translation>按显示的样子复制选中的行或全部行</translation>
    </message>
    <message>
        <source>Copy table rows as LaTe&amp;X</source>
        <translation type="vanished">复制表格行为 LaTeX(&amp;X)</translation>
    </message>
    <message>
        <source>Copies the selected rows, or all, as a table with booktabs</source>
        <translation>把选中的行或全部行复制为 booktabs 表格</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>Takes back the last change of the view</source>
        <translation>撤销视图的上一次更改</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>Makes the change again that was taken back</source>
        <translation>重新进行被撤销的更改</translation>
    </message>
    <message>
        <source>E&amp;xclude points…</source>
        <translation>排除数据点(&amp;X)…</translation>
    </message>
    <message>
        <source>Leaves the selected points out of laws and frontier, with a reason</source>
        <translation>把选中的点排除在定律与前沿之外，并注明理由</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>设为基线(&amp;B)</translation>
    </message>
    <message>
        <source>Compares all points with the selected one</source>
        <translation>把所有点与选中的点比较</translation>
    </message>
    <message>
        <source>&amp;Save view</source>
        <translation>保存视图(&amp;S)</translation>
    </message>
    <message>
        <source>Keeps filter, axes, zoom and exclusions under a name</source>
        <translation>以一个名称保存筛选、坐标轴、缩放和排除</translation>
    </message>
    <message>
        <source>Open in new &amp;window…</source>
        <translation>在新窗口中打开(&amp;W)…</translation>
    </message>
    <message>
        <source>Shows another store, or this one once more, beside this window</source>
        <translation>在此窗口旁显示另一存储，或再次显示此存储</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>导入(&amp;I)…</translation>
    </message>
    <message>
        <source>Reads results, models or a store from files, as a drop on the window does</source>
        <translation>从文件读取结果、模型或存储，与拖入窗口相同</translation>
    </message>
    <message>
        <source>&amp;Paste</source>
        <translation>粘贴(&amp;P)</translation>
    </message>
    <message>
        <source>Takes a file, a folder or the name of a model from the clipboard</source>
        <translation>从剪贴板取文件、文件夹或模型名称</translation>
    </message>
    <message>
        <source>Copy table rows as LaT&amp;eX</source>
        <translation>复制表格行为 LaTeX(&amp;E)</translation>
    </message>
    <message>
        <source>Saves the plot as PDF, SVG, PNG, TeX or a script, as large as it is printed</source>
        <translation>把图保存为 PDF、SVG、PNG、TeX 或脚本，尺寸与印刷时相同</translation>
    </message>
    <message>
        <source>Export all &amp;views…</source>
        <translation>导出所有视图(&amp;V)…</translation>
    </message>
    <message>
        <source>Saves the figure of each saved view into one folder</source>
        <translation>把每个已保存视图的图形保存到一个文件夹</translation>
    </message>
    <message>
        <source>P&amp;age preview…</source>
        <translation>页面预览(&amp;A)…</translation>
    </message>
    <message>
        <source>Shows the page that the figure would be printed on</source>
        <translation>显示图形打印后的页面</translation>
    </message>
    <message>
        <source>Print fi&amp;gure…</source>
        <translation>打印图形(&amp;G)…</translation>
    </message>
    <message>
        <source>Prints the figure as large as it is</source>
        <translation>按原尺寸打印图形</translation>
    </message>
</context>
<context>
    <name>bitfrontier::BudgetController</name>
    <message>
        <source>The store is being read</source>
        <translation>正在读取存储</translation>
    </message>
    <message>
        <source>The store has changed</source>
        <translation>存储已更改</translation>
    </message>
</context>
<context>
    <name>bitfrontier::BudgetPanel</name>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation type="vanished">设备(&amp;D)</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 个点</translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 奈特</translation>
    </message>
    <message>
        <source>Candidates</source>
        <translation>候选</translation>
    </message>
    <message>
        <source>What the memory goes to</source>
        <translation>内存的去向</translation>
    </message>
    <message>
        <source>&amp;Queue it</source>
        <translation type="vanished">加入队列(&amp;Q)</translation>
    </message>
    <message>
        <source>Runs the selected candidate</source>
        <translation>运行所选候选</translation>
    </message>
    <message>
        <source>&amp;Copy as command</source>
        <translation type="vanished">复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>Copies the command that gives this answer</source>
        <translation>复制给出此答案的命令</translation>
    </message>
    <message>
        <source>Abo&amp;ut</source>
        <translation type="vanished">关于(&amp;U)</translation>
    </message>
    <message>
        <source>Takes the memory of a device</source>
        <translation>采用某设备的内存</translation>
    </message>
    <message>
        <source>Any memory</source>
        <translation>任意内存</translation>
    </message>
    <message>
        <source>Another device…</source>
        <translation>其他设备…</translation>
    </message>
    <message>
        <source>Memory with its unit, e.g. 24 GB or 2 MB; 1 GB is 1,000,000,000 bytes</source>
        <translation>带单位的内存，例如 24 GB 或 2 MB；1 GB 为 1,000,000,000 字节</translation>
    </message>
    <message>
        <source>&amp;Memory</source>
        <translation type="vanished">内存(&amp;M)</translation>
    </message>
    <message>
        <source>The memory, on a logarithmic scale</source>
        <translation>内存，对数刻度</translation>
    </message>
    <message>
        <source>Memory &amp;slider</source>
        <translation type="vanished">内存滑块(&amp;S)</translation>
    </message>
    <message>
        <source>Tokens kept for each sequence; 0 counts the weights alone</source>
        <translation>每个序列保留的词元数；0 表示只计权重</translation>
    </message>
    <message>
        <source>Conte&amp;xt</source>
        <translation type="vanished">上下文(&amp;X)</translation>
    </message>
    <message>
        <source>Sequences at a time</source>
        <translation>同时处理的序列数</translation>
    </message>
    <message>
        <source>&amp;Batch</source>
        <translation type="vanished">批大小(&amp;B)</translation>
    </message>
    <message>
        <source>%1 bits</source>
        <translation>%1 比特</translation>
    </message>
    <message>
        <source>&amp;Key-value cache</source>
        <translation type="vanished">键值缓存(&amp;K)</translation>
    </message>
    <message>
        <source>Share of the memory for activations and the program</source>
        <translation>留给激活值和程序的内存比例</translation>
    </message>
    <message>
        <source>Head&amp;room</source>
        <translation type="vanished">余量(&amp;R)</translation>
    </message>
    <message>
        <source>Show in the &amp;plot</source>
        <translation type="vanished">在图中显示(&amp;P)</translation>
    </message>
    <message>
        <source>Draws the memory as a line and the predicted cells as hollow points</source>
        <translation>把内存画成线，把预测的单元画成空心点</translation>
    </message>
    <message>
        <source>Free now: being asked</source>
        <translation>当前可用：正在查询</translation>
    </message>
    <message>
        <source>Free GPU memory: %1</source>
        <translation>可用 GPU 内存：%1</translation>
    </message>
    <message>
        <source>%1: %2 free of %3</source>
        <translation>%1：%3 中可用 %2</translation>
    </message>
    <message>
        <source>Here: %1, free now</source>
        <translation>本机：%1，当前可用</translation>
    </message>
    <message>
        <source>Another device</source>
        <translation>其他设备</translation>
    </message>
    <message>
        <source>Name and memory, e.g. My laptop · 11 GB</source>
        <translation>名称与内存，例如 我的笔记本 · 11 GB</translation>
    </message>
    <message>
        <source>A device is a name, a · and a memory such as 11 GB</source>
        <translation>设备写作名称、· 和内存，如 11 GB</translation>
    </message>
    <message>
        <source>updating…</source>
        <translation>正在更新…</translation>
    </message>
    <message>
        <source>No point is in view.</source>
        <translation>视图中没有点。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 of %2 combinations fit</source>
        <translation>%2 种组合中有 %1 种放得下</translation>
    </message>
    <message>
        <source>expected regret %1</source>
        <translation>期望遗憾 %1</translation>
    </message>
    <message>
        <source>ahead of %1 by %2 (95 %: %3 to %4)</source>
        <translation>领先 %1 %2（95 %：%3 至 %4）</translation>
    </message>
    <message>
        <source>no key-value cache is known: weights alone count</source>
        <translation>键值缓存未知：只计权重</translation>
    </message>
    <message>
        <source>Law of %1: %2</source>
        <translation>%1 的定律：%2</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>注：%1</translation>
    </message>
    <message>
        <source>Nothing fits</source>
        <translation>没有放得下的</translation>
    </message>
    <message>
        <source>%1: weights %2 + key-value cache %3 + headroom %4 = %5 of %6</source>
        <translation>%1：权重 %2 + 键值缓存 %3 + 余量 %4 = %5，共 %6</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>headroom</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>It has been run</source>
        <translation>已经运行过</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Memory slider</source>
        <translation>内存滑块</translation>
    </message>
    <message>
        <source>&amp;KV cache</source>
        <translation type="vanished">KV 缓存(&amp;K)</translation>
    </message>
    <message>
        <source>Queue it</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批大小</translation>
    </message>
    <message>
        <source>KV cache</source>
        <translation>KV 缓存</translation>
    </message>
    <message>
        <source>Headroom</source>
        <translation>余量</translation>
    </message>
    <message>
        <source>Show in the plot</source>
        <translation>在图中显示</translation>
    </message>
</context>
<context>
    <name>bitfrontier::CommandPalette</name>
    <message>
        <source>Find a command</source>
        <translation>查找命令</translation>
    </message>
    <message>
        <source>What to find</source>
        <translation>要查找的内容</translation>
    </message>
    <message>
        <source>A command, model, family or field: type some of its letters</source>
        <translation>命令、模型、模型族或字段：输入其中几个字母</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>找到的内容</translation>
    </message>
    <message>
        <source>Nothing has these letters in this order.</source>
        <translation>没有按此顺序包含这些字母的内容。</translation>
    </message>
    <message>
        <source>Not possible now: %1</source>
        <translation>现在不可用：%1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::CompareController</name>
    <message>
        <source>measured</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>the open store</source>
        <translation>打开的存储</translation>
    </message>
    <message>
        <source>published</source>
        <translation>已发表</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ComparePanel</name>
    <message>
        <source>Cells</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Stores (*.bfdb)</source>
        <translation>存储 (*.bfdb)</translation>
    </message>
    <message>
        <source>Match</source>
        <translation>匹配</translation>
    </message>
    <message>
        <source>Which cells of A and B are the same one</source>
        <translation>A 与 B 的哪些单元视为同一个</translation>
    </message>
    <message>
        <source>Same configuration</source>
        <translation>相同配置</translation>
    </message>
    <message>
        <source>Same bits and block</source>
        <translation>相同比特与块</translation>
    </message>
    <message>
        <source>&amp;Match</source>
        <translation type="vanished">匹配(&amp;M)</translation>
    </message>
    <message>
        <source>Correction</source>
        <translation>校正</translation>
    </message>
    <message>
        <source>What keeps many tests from finding differences by chance</source>
        <translation>防止多次检验偶然发现差异的方法</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>&amp;Correction</source>
        <translation type="vanished">校正(&amp;C)</translation>
    </message>
    <message>
        <source>Com&amp;pare</source>
        <translation type="vanished">比较(&amp;P)</translation>
    </message>
    <message>
        <source>Compares the cells that both have</source>
        <translation>比较双方都有的单元</translation>
    </message>
    <message>
        <source>&amp;Export CSV…</source>
        <translation type="vanished">导出 CSV(&amp;E)…</translation>
    </message>
    <message>
        <source>Writes every cell with its difference to a file</source>
        <translation>把每个单元及其差写入文件</translation>
    </message>
    <message>
        <source>Matched cells</source>
        <translation>匹配的单元</translation>
    </message>
    <message>
        <source>Pages of the comparison</source>
        <translation>比较的页面</translation>
    </message>
    <message>
        <source>Only in A or B</source>
        <translation>仅在 A 或 B 中</translation>
    </message>
    <message>
        <source>Law parameters</source>
        <translation>定律参数</translation>
    </message>
    <message>
        <source>Store of side %1</source>
        <translation>%1 侧的存储</translation>
    </message>
    <message>
        <source>The store that side %1 is read from</source>
        <translation>%1 侧从哪个存储读取</translation>
    </message>
    <message>
        <source>The open store</source>
        <translation>打开的存储</translation>
    </message>
    <message>
        <source>Another store…</source>
        <translation>其他存储…</translation>
    </message>
    <message>
        <source>Source of side %1</source>
        <translation>%1 侧的来源</translation>
    </message>
    <message>
        <source>Whose numbers side %1 takes</source>
        <translation>%1 侧采用谁的数字</translation>
    </message>
    <message>
        <source>All sources</source>
        <translation>所有来源</translation>
    </message>
    <message>
        <source>Measured</source>
        <translation>测量</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>已发表</translation>
    </message>
    <message>
        <source>Filter of side %1</source>
        <translation>%1 侧的筛选</translation>
    </message>
    <message>
        <source>Filter, e.g. family:opt bits&gt;=3</source>
        <translation>筛选，例如 family:opt bits&gt;=3</translation>
    </message>
    <message>
        <source>What of the store side %1 is, as in the filter box</source>
        <translation>%1 侧取存储的哪部分，写法同筛选框</translation>
    </message>
    <message>
        <source>Side &amp;%1</source>
        <translation type="vanished">侧 &amp;%1</translation>
    </message>
    <message>
        <source>Choose a store</source>
        <translation>选择存储</translation>
    </message>
    <message>
        <source>%1.
A: %2. B: %3.</source>
        <translation>%1。
A：%2。B：%3。</translation>
    </message>
    <message>
        <source>Choose two stores, sources or filters, then compare.</source>
        <translation>选择两个存储、来源或筛选，然后比较。</translation>
    </message>
    <message>
        <source>updating…</source>
        <translation>正在更新…</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>注：%1</translation>
    </message>
    <message>
        <source>Cells (%1)</source>
        <translation>单元（%1）</translation>
    </message>
    <message>
        <source>Only in A (%1) or B (%2)</source>
        <translation>仅在 A（%1）或 B（%2）</translation>
    </message>
    <message>
        <source>Compare first</source>
        <translation>请先比较</translation>
    </message>
    <message>
        <source>Export the comparison</source>
        <translation>导出比较</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>已写入：%1</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 无法写入：%2</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>Export CSV…</source>
        <translation>导出 CSV…</translation>
    </message>
    <message>
        <source>Side %1</source>
        <translation>%1 侧</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ConfigEditor</name>
    <message>
        <source>T&amp;ypes and blocks</source>
        <translation>类型与块(&amp;Y)</translation>
    </message>
    <message>
        <source>&amp;Constants</source>
        <translation>常量(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Methods</source>
        <translation>方法(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Formats</source>
        <translation>格式(&amp;F)</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>每权重比特数</translation>
    </message>
    <message>
        <source>The baseline: not quantized, once per model</source>
        <translation>基线：不量化，每个模型一次</translation>
    </message>
    <message>
        <source>Weights that share a constant (block size)</source>
        <translation>共享一个常量的权重数（块大小）</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>whole</source>
        <translation>整体</translation>
    </message>
    <message>
        <source>in rows</source>
        <translation>按行</translation>
    </message>
    <message>
        <source>Data types</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>How a block&apos;s constant is stored</source>
        <translation>块常量的存储方式</translation>
    </message>
    <message>
        <source>What a block is divided by</source>
        <translation>块除以什么</translation>
    </message>
    <message>
        <source>What is taken off first</source>
        <translation>先减去什么</translation>
    </message>
    <message>
        <source>How codes are chosen</source>
        <translation>如何选择编码</translation>
    </message>
    <message>
        <source>-act</source>
        <translation type="vanished">-act</translation>
    </message>
    <message>
        <source>GPTQ damping</source>
        <translation>GPTQ 阻尼</translation>
    </message>
    <message>
        <source>How constants are chosen</source>
        <translation>如何选择常量</translation>
    </message>
    <message>
        <source>Input dimensions that stay in 16 bit</source>
        <translation>保持 16 比特的输入维度</translation>
    </message>
    <message>
        <source>Percent of outlier dimensions</source>
        <translation>离群维度的百分比</translation>
    </message>
    <message>
        <source>percent of the dimensions; several with commas: 1, 2, 4</source>
        <translation>维度的百分比；多个用逗号分隔：1, 2, 4</translation>
    </message>
    <message>
        <source>What is quantized besides the linear layers</source>
        <translation>除线性层外还量化什么</translation>
    </message>
    <message>
        <source>Calibration text</source>
        <translation>校准文本</translation>
    </message>
    <message>
        <source>training texts of the pocket suite</source>
        <translation>袖珍套件的训练文本</translation>
    </message>
    <message>
        <source>a text file…</source>
        <translation>文本文件…</translation>
    </message>
    <message>
        <source>C&amp;alibration text of -gptq, -awq and -wmse</source>
        <translation>-gptq、-awq 与 -wmse 的校准文本(&amp;A)</translation>
    </message>
    <message>
        <source>Texts (*.txt *.jsonl *.raw);;All files (*)</source>
        <translation>文本 (*.txt *.jsonl *.raw);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Formats by name</source>
        <translation>按名称的格式</translation>
    </message>
    <message>
        <source>Further confi&amp;gurations</source>
        <translation>更多配置(&amp;G)</translation>
    </message>
    <message>
        <source>Not written in specs</source>
        <translation>不写入规格</translation>
    </message>
    <message>
        <source>%1 in specs</source>
        <translation>规格中写作 %1</translation>
    </message>
    <message>
        <source>-act in specs</source>
        <translation>规格中写作 -act</translation>
    </message>
</context>
<context>
    <name>bitfrontier::DesktopSession</name>
    <message>
        <source>cell</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>cells</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>A sweep is running</source>
        <translation>有扫描正在运行</translation>
    </message>
    <message>
        <source>A sweep failed</source>
        <translation>有扫描失败</translation>
    </message>
    <message>
        <source>A sweep ended, %1 failed</source>
        <translation>扫描已结束，%1 个失败</translation>
    </message>
    <message>
        <source>A sweep is done</source>
        <translation>扫描已完成</translation>
    </message>
</context>
<context>
    <name>bitfrontier::DesktopTools</name>
    <message>
        <source>Find a co&amp;mmand…</source>
        <translation type="vanished">查找命令(&amp;M)…</translation>
    </message>
    <message>
        <source>Finds commands, models, families and fields by some of their letters</source>
        <translation>按几个字母查找命令、模型、模型族和字段</translation>
    </message>
    <message>
        <source>&amp;Preferences…</source>
        <translation type="vanished">首选项(&amp;P)…</translation>
    </message>
    <message>
        <source>Appearance, folders, device, privacy and shortcuts</source>
        <translation>外观、文件夹、设备、隐私和快捷键</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>手册(&amp;M)</translation>
    </message>
    <message>
        <source>The manual, which needs no network</source>
        <translation>手册，无需网络</translation>
    </message>
    <message>
        <source>Keyboard &amp;shortcuts…</source>
        <translation>键盘快捷键(&amp;S)…</translation>
    </message>
    <message>
        <source>Shows all shortcuts and changes them</source>
        <translation>显示并更改所有快捷键</translation>
    </message>
    <message>
        <source>&amp;What&apos;s new</source>
        <translation>新增内容(&amp;W)</translation>
    </message>
    <message>
        <source>What has changed from version to version</source>
        <translation>各版本之间的变化</translation>
    </message>
    <message>
        <source>Copy &amp;diagnostics</source>
        <translation>复制诊断信息(&amp;D)</translation>
    </message>
    <message>
        <source>Copies versions, devices and the last messages for a report; nothing is sent</source>
        <translation>复制版本、设备和最近的消息以供报告；不会发送任何内容</translation>
    </message>
    <message>
        <source>&amp;Go to</source>
        <translation>转到(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Next pane</source>
        <translation>下一个窗格(&amp;N)</translation>
    </message>
    <message>
        <source>Puts the focus into the next panel</source>
        <translation>把焦点移到下一个面板</translation>
    </message>
    <message>
        <source>&amp;Previous pane</source>
        <translation>上一个窗格(&amp;P)</translation>
    </message>
    <message>
        <source>Puts the focus into the panel before</source>
        <translation>把焦点移到上一个面板</translation>
    </message>
    <message>
        <source>Shows the panel “%1” and puts the focus into it</source>
        <translation>显示面板“%1”并把焦点移入</translation>
    </message>
    <message>
        <source>Family</source>
        <translation>模型族</translation>
    </message>
    <message>
        <source>Shows only this family: %1</source>
        <translation>仅显示此模型族：%1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Shows only this model: %1</source>
        <translation>仅显示此模型：%1</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Makes each point the mean over this task: %1</source>
        <translation>使每个点成为此任务上的均值：%1</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>字段</translation>
    </message>
    <message>
        <source>Begins a term of the filter: %1</source>
        <translation>开始一个筛选项：%1</translation>
    </message>
    <message>
        <source>What&apos;s new</source>
        <translation>新增内容</translation>
    </message>
    <message>
        <source>About Bitfrontier</source>
        <translation>关于 Bitfrontier</translation>
    </message>
    <message>
        <source>The diagnostics are on the clipboard</source>
        <translation>诊断信息已在剪贴板上</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>转到%1</translation>
    </message>
    <message>
        <source>Pr&amp;eferences…</source>
        <translation type="vanished">首选项(&amp;E)…</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Shows the saved view “%1”</source>
        <translation>显示保存的视图“%1”</translation>
    </message>
    <message>
        <source>Find a comman&amp;d…</source>
        <translation>查找命令(&amp;D)…</translation>
    </message>
    <message>
        <source>Prefere&amp;nces…</source>
        <translation>首选项(&amp;N)…</translation>
    </message>
</context>
<context>
    <name>bitfrontier::DropTarget</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>The clipboard has no file and no text</source>
        <translation>剪贴板中没有文件也没有文本</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>All that can be read (*.json *.csv *.md *.log *.txt *.bfdb *.safetensors *.pdf *.svg *.png);;All files (*)</source>
        <translation>所有可读取的 (*.json *.csv *.md *.log *.txt *.bfdb *.safetensors *.pdf *.svg *.png);;所有文件 (*)</translation>
    </message>
    <message>
        <source>This version cannot show views of figures.</source>
        <translation type="vanished">此版本不能显示图形的视图。</translation>
    </message>
    <message>
        <source>It is downloaded by: bitfrontier fetch %1</source>
        <translation>下载方式：bitfrontier fetch %1</translation>
    </message>
    <message>
        <source>Open a store first.</source>
        <translation>请先打开一个存储。</translation>
    </message>
    <message>
        <source>%1 added, %2 were there</source>
        <translation>加入 %1 个，已有 %2 个</translation>
    </message>
    <message>
        <source>run</source>
        <translation>个运行</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>个运行</translation>
    </message>
    <message>
        <source>, %1 are stored with other results and stay</source>
        <translation>，%1 个以其他结果存储并保留</translation>
    </message>
    <message>
        <source>It shows %1 without a filter.</source>
        <translation>它显示 %1，无筛选。</translation>
    </message>
    <message>
        <source>It shows %1 with the filter %2.</source>
        <translation>它显示 %1，筛选为 %2。</translation>
    </message>
    <message>
        <source>Excluded points: %1</source>
        <translation>排除的点：%1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ExcludeDialog</name>
    <message>
        <source>Exclude points</source>
        <translation>排除数据点</translation>
    </message>
    <message>
        <source>This point stays in the plot as a cross. Laws, frontier and advice are computed without it.</source>
        <translation>此点以叉号留在图中。定律、前沿与建议的计算不含它。</translation>
    </message>
    <message>
        <source>These points stay in the plot as crosses. Laws, frontier and advice are computed without them.</source>
        <translation>这些点以叉号留在图中。定律、前沿与建议的计算不含它们。</translation>
    </message>
    <message>
        <source>Points to be excluded</source>
        <translation>要排除的点</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>For example: diverged during training</source>
        <translation>例如：训练时发散</translation>
    </message>
    <message>
        <source>Is printed in the note of each figure</source>
        <translation>会印在每张图的注中</translation>
    </message>
    <message>
        <source>&amp;Reason:</source>
        <translation>理由(&amp;R)：</translation>
    </message>
    <message>
        <source>&amp;Exclude 1 point</source>
        <translation>排除 1 个点(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Exclude %1 points</source>
        <translation>排除 %1 个点(&amp;E)</translation>
    </message>
    <message>
        <source>Needs a reason</source>
        <translation>需要理由</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ExclusionsModel</name>
    <message>
        <source>Point</source>
        <translation>数据点</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Day</source>
        <translation>日期</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ExportController</name>
    <message>
        <source>Export laws</source>
        <translation>导出定律</translation>
    </message>
    <message>
        <source>JSON (*.json);;CSV (*.csv)</source>
        <translation>JSON (*.json);;CSV (*.csv)</translation>
    </message>
    <message>
        <source>CSV of the points that are seen (*.csv)</source>
        <translation>可见数据点的 CSV (*.csv)</translation>
    </message>
    <message>
        <source>CSV of all points that pass the filter (*.csv)</source>
        <translation>通过筛选的所有数据点的 CSV (*.csv)</translation>
    </message>
    <message>
        <source>Export points</source>
        <translation>导出数据点</translation>
    </message>
    <message>
        <source>%1 is written</source>
        <translation>已写入 %1</translation>
    </message>
    <message>
        <source>%1 files are written into %2</source>
        <translation>已把 %1 个文件写入 %2</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>No view is saved yet</source>
        <translation>尚未保存任何视图</translation>
    </message>
    <message>
        <source>Folder of the figures</source>
        <translation>图形的文件夹</translation>
    </message>
    <message>
        <source>Export all views</source>
        <translation>导出所有视图</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 of %2: %3</source>
        <translation>%1 / %2：%3</translation>
    </message>
    <message>
        <source>These views were not exported:</source>
        <translation>以下视图未能导出：</translation>
    </message>
    <message>
        <source>show %1</source>
        <translation>显示 %1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ExportDialog</name>
    <message>
        <source>Export figure</source>
        <translation>导出图形</translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="vanished">大小</translation>
    </message>
    <message>
        <source>&amp;Note with number of points and counting rule</source>
        <translation type="vanished">注明点数与计数规则(&amp;N)</translation>
    </message>
    <message>
        <source>Dar&amp;k background</source>
        <translation>深色背景(&amp;K)</translation>
    </message>
    <message>
        <source>Only the &amp;part that is seen</source>
        <translation>仅可见部分(&amp;P)</translation>
    </message>
    <message>
        <source>The part of the plane that the plot is zoomed into; else all points</source>
        <translation>图当前放大到的部分；否则为所有点</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation type="vanished">预览</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>&amp;Save as…</source>
        <translation type="vanished">另存为(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Puts the figure on the clipboard as PNG, SVG and PDF</source>
        <translation type="vanished">把图形以 PNG、SVG 和 PDF 放到剪贴板</translation>
    </message>
    <message>
        <source>Si&amp;ze</source>
        <translation type="vanished">大小(&amp;Z)</translation>
    </message>
    <message>
        <source>%1 × %2 pt, text %3 pt; shown at %4 %</source>
        <translation type="vanished">%1 × %2 pt，文字 %3 pt；以 %4 % 显示</translation>
    </message>
    <message>
        <source>Save the figure</source>
        <translation type="vanished">保存图形</translation>
    </message>
    <message>
        <source>PDF (*.pdf);;SVG (*.svg);;PNG (*.png)</source>
        <translation type="vanished">PDF (*.pdf);;SVG (*.svg);;PNG (*.png)</translation>
    </message>
    <message>
        <source>%1 dpi</source>
        <translation>%1 dpi</translation>
    </message>
    <message>
        <source>%1 × %2 pt (%3 × %4 in), text %5 pt; shown at %6 %</source>
        <translation>%1 × %2 pt（%3 × %4 in），文字 %5 pt；以 %6 % 显示</translation>
    </message>
    <message>
        <source>✓ Nothing that a reviewer would hold against it</source>
        <translation>✓ 没有审稿人会挑剔之处</translation>
    </message>
    <message>
        <source>A reviewer would say:</source>
        <translation>审稿人会说：</translation>
    </message>
    <message>
        <source>Choose a format.</source>
        <translation>请选择格式。</translation>
    </message>
    <message>
        <source>Writes %1</source>
        <translation>将写入 %1</translation>
    </message>
    <message>
        <source>The script needs the CSV, too.</source>
        <translation>脚本还需要 CSV。</translation>
    </message>
    <message>
        <source>%1 is there.</source>
        <translation>%1 已存在。</translation>
    </message>
    <message>
        <source>%1 are there.</source>
        <translation>%1 已存在。</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Folder of the figures</source>
        <translation>图形的文件夹</translation>
    </message>
    <message>
        <source>Okabe-Ito, for all eyes</source>
        <translation>Okabe-Ito，适合各种色觉</translation>
    </message>
    <message>
        <source>Grey, for print without colour</source>
        <translation>灰色，适合黑白印刷</translation>
    </message>
    <message>
        <source>Tab10, as Matplotlib</source>
        <translation>Tab10，同 Matplotlib</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>SVG</source>
        <translation>SVG</translation>
    </message>
    <message>
        <source>PNG</source>
        <translation>PNG</translation>
    </message>
    <message>
        <source>TeX</source>
        <translation>TeX</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>For LaTeX and print: text is text, fonts are inside</source>
        <translation>用于 LaTeX 和印刷：文字仍为文字，字体已嵌入</translation>
    </message>
    <message>
        <source>For the web, and for editing in a drawing program</source>
        <translation>用于网页，或在绘图程序中编辑</translation>
    </message>
    <message>
        <source>A picture, for programs that take nothing else</source>
        <translation>图片，用于不接受其他格式的程序</translation>
    </message>
    <message>
        <source>A LaTeX document that draws the figure with pgfplots</source>
        <translation>用 pgfplots 绘制图形的 LaTeX 文档</translation>
    </message>
    <message>
        <source>The points that are drawn</source>
        <translation>图中绘制的点</translation>
    </message>
    <message>
        <source>A script that draws the figure again with Matplotlib; it reads the CSV beside it</source>
        <translation>用 Matplotlib 重新绘制图形的脚本；读取旁边的 CSV</translation>
    </message>
    <message>
        <source>The laws with their parameters and intervals</source>
        <translation>定律及其参数与区间</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> pt</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>预设</translation>
    </message>
    <message>
        <source>Size and text that a venue asks for</source>
        <translation>会议或期刊要求的尺寸与文字大小</translation>
    </message>
    <message>
        <source>Exactly so large is the figure; 72 points are an inch</source>
        <translation>图形的确切尺寸；72 pt 为 1 英寸</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Size of the text</source>
        <translation>文字大小</translation>
    </message>
    <message>
        <source>All text of the figure has this size</source>
        <translation>图形的所有文字均为此大小</translation>
    </message>
    <message>
        <source>Font</source>
        <translation>字体</translation>
    </message>
    <message>
        <source>Font of all text of the figure</source>
        <translation>图形所有文字的字体</translation>
    </message>
    <message>
        <source>DejaVu Sans</source>
        <translation>DejaVu Sans</translation>
    </message>
    <message>
        <source>Palette</source>
        <translation>配色</translation>
    </message>
    <message>
        <source>Colours of the series</source>
        <translation>序列的颜色</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Stands above the figure</source>
        <translation>位于图形上方</translation>
    </message>
    <message>
        <source>none; papers have captions</source>
        <translation>无；论文有图注</translation>
    </message>
    <message>
        <source>Title of the axis across</source>
        <translation>横轴标题</translation>
    </message>
    <message>
        <source>In place of what the axis says by itself</source>
        <translation>代替坐标轴的默认标题</translation>
    </message>
    <message>
        <source>Title of the axis up</source>
        <translation>纵轴标题</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>图形</translation>
    </message>
    <message>
        <source>Preset, si&amp;ze</source>
        <translation>预设与尺寸(&amp;Z)</translation>
    </message>
    <message>
        <source>&amp;Width</source>
        <translation>宽度(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Height</source>
        <translation>高度(&amp;H)</translation>
    </message>
    <message>
        <source>Te&amp;xt</source>
        <translation>文字(&amp;X)</translation>
    </message>
    <message>
        <source>Fo&amp;nt</source>
        <translation>字体(&amp;N)</translation>
    </message>
    <message>
        <source>Pa&amp;lette</source>
        <translation>配色(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Title</source>
        <translation>标题(&amp;T)</translation>
    </message>
    <message>
        <source>Ac&amp;ross</source>
        <translation>横轴(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Up</source>
        <translation>纵轴(&amp;U)</translation>
    </message>
    <message>
        <source>Le&amp;gend</source>
        <translation>图例(&amp;G)</translation>
    </message>
    <message>
        <source>Below the axes, a quarter of the figure at most</source>
        <translation>位于坐标轴下方，最多占图形的四分之一</translation>
    </message>
    <message>
        <source>N&amp;ote</source>
        <translation>附注(&amp;O)</translation>
    </message>
    <message>
        <source>Says the number of points, what bars and bands are, how bits are counted, and which points are excluded</source>
        <translation>注明点数、误差棒与带的含义、比特如何计数，以及哪些点被排除</translation>
    </message>
    <message>
        <source>&amp;Embed the view</source>
        <translation>嵌入视图(&amp;E)</translation>
    </message>
    <message>
        <source>PDF, SVG and PNG then show this view again when they are dropped on the window; the names of stores are inside, not their folders</source>
        <translation>把 PDF、SVG 或 PNG 拖入窗口即可再次显示此视图；其中含存储的名称，不含其文件夹</translation>
    </message>
    <message>
        <source>For dark slides</source>
        <translation>用于深色幻灯片</translation>
    </message>
    <message>
        <source>Resolution of the picture</source>
        <translation>图片的分辨率</translation>
    </message>
    <message>
        <source>Dots per inch of a PNG</source>
        <translation>PNG 的每英寸像素数</translation>
    </message>
    <message>
        <source>Name of the files</source>
        <translation>文件名</translation>
    </message>
    <message>
        <source>{view}, {date}, {preset} and {store} are filled in</source>
        <translation>{view}、{date}、{preset} 和 {store} 会自动填入</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Where the files are written</source>
        <translation>文件写入的位置</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Chooses the folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Na&amp;me</source>
        <translation>名称(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>文件夹(&amp;F)</translation>
    </message>
    <message>
        <source>What a reviewer would hold against it</source>
        <translation>审稿人会挑剔之处</translation>
    </message>
    <message>
        <source>Faults of the figure, and what helps</source>
        <translation>图形的问题与改进办法</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Writes the files</source>
        <translation>写入文件</translation>
    </message>
    <message>
        <source>Puts the figure on the clipboard as PNG, SVG, PDF and table</source>
        <translation>把图形以 PNG、SVG、PDF 和表格放到剪贴板</translation>
    </message>
    <message>
        <source>Copy comman&amp;d</source>
        <translation>复制命令(&amp;D)</translation>
    </message>
    <message>
        <source>Puts the shell command of this export on the clipboard</source>
        <translation>把此导出的 shell 命令放到剪贴板</translation>
    </message>
    <message>
        <source>Show dat&amp;a…</source>
        <translation>显示数据(&amp;A)…</translation>
    </message>
    <message>
        <source>Shows the points that are drawn as a table</source>
        <translation>以表格显示图中绘制的点</translation>
    </message>
    <message>
        <source>Closes this window; nothing is written</source>
        <translation>关闭此窗口，不写入任何文件</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ExportPreview</name>
    <message>
        <source>How the figure is seen</source>
        <translation>图形的查看方式</translation>
    </message>
    <message>
        <source>Shows the figure as it is seen without colour, or by people who see colours differently</source>
        <translation>显示图形在无色时或色觉不同者眼中的样子</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Drag it into a folder or another program</source>
        <translation>可拖入文件夹或其他程序</translation>
    </message>
</context>
<context>
    <name>bitfrontier::FigureDataDialog</name>
    <message>
        <source>Data of the figure</source>
        <translation>图形的数据</translation>
    </message>
    <message>
        <source>Points that are drawn</source>
        <translation>图中绘制的点</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Puts the table on the clipboard for a spreadsheet</source>
        <translation>把表格放到剪贴板，供电子表格使用</translation>
    </message>
</context>
<context>
    <name>bitfrontier::FilterBox</name>
    <message>
        <source>Completions of the filter</source>
        <translation>筛选的补全</translation>
    </message>
    <message>
        <source>What is wrong with the filter</source>
        <translation>筛选有何错误</translation>
    </message>
    <message>
        <source>Character %1: %2</source>
        <translation>第 %1 个字符：%2</translation>
    </message>
</context>
<context>
    <name>bitfrontier::FrontierPlot</name>
    <message>
        <source>Scaling plot</source>
        <translation>缩放图</translation>
    </message>
    <message>
        <source>Total bits of the linear layers</source>
        <translation type="vanished">线性层总比特数</translation>
    </message>
    <message>
        <source>Total model bits (all parameters at k bits)</source>
        <translation type="vanished">模型总比特数（所有参数按 k 比特）</translation>
    </message>
    <message>
        <source>Total model bits</source>
        <translation type="vanished">模型总比特数</translation>
    </message>
    <message>
        <source>▾ wheel for more</source>
        <translation>▾ 滚动查看更多</translation>
    </message>
    <message>
        <source>▴ wheel for more</source>
        <translation>▴ 滚动查看更多</translation>
    </message>
    <message>
        <source>nothing measured fits into %1</source>
        <translation>没有已测量的模型放得进 %1</translation>
    </message>
    <message>
        <source>best at %1: %2 %3 bit, %4</source>
        <translation>%1 处最佳：%2 %3 比特，%4</translation>
    </message>
    <message>
        <source>%1 follows the law %2</source>
        <translation>%1 遵循定律 %2</translation>
    </message>
    <message>
        <source>no law describes %1</source>
        <translation>没有定律描述 %1</translation>
    </message>
    <message>
        <source>; </source>
        <translation>；</translation>
    </message>
    <message>
        <source>Scaling plot of %1</source>
        <translation>%1 的缩放图</translation>
    </message>
</context>
<context>
    <name>bitfrontier::GridModel</name>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>%1
A click takes the whole row in or out</source>
        <translation>%1
单击可加入或移出整行</translation>
    </message>
    <message>
        <source>%1 · %2
A click takes the whole column in or out</source>
        <translation>%1 · %2
单击可加入或移出整列</translation>
    </message>
</context>
<context>
    <name>bitfrontier::GridView</name>
    <message>
        <source>Nothing is called so.</source>
        <translation>没有这样的名称。</translation>
    </message>
    <message>
        <source>A&amp;ll</source>
        <translation>全部(&amp;L)</translation>
    </message>
    <message>
        <source>N&amp;one</source>
        <translation>全不(&amp;O)</translation>
    </message>
    <message>
        <source>Cells of the sweep</source>
        <translation>扫描的单元</translation>
    </message>
    <message>
        <source>Find models and configurations</source>
        <translation>查找模型与配置</translation>
    </message>
    <message>
        <source>Shows rows and columns with these words; All and None act on what is shown</source>
        <translation>显示含这些词的行与列；“全部”与“全不”作用于所显示的</translation>
    </message>
    <message>
        <source>Takes in all cells that are shown</source>
        <translation>加入所有显示的单元</translation>
    </message>
    <message>
        <source>Leaves out all cells that are shown</source>
        <translation>略去所有显示的单元</translation>
    </message>
</context>
<context>
    <name>bitfrontier::HintBar</name>
    <message>
        <source>New sweep…</source>
        <translation>新建扫描…</translation>
    </message>
    <message>
        <source>Add published results</source>
        <translation>添加已发表结果</translation>
    </message>
    <message>
        <source>Show everything</source>
        <translation>显示全部</translation>
    </message>
    <message>
        <source>Show incomplete points</source>
        <translation>显示不完整的点</translation>
    </message>
    <message>
        <source>Hides this line</source>
        <translation>隐藏此行</translation>
    </message>
    <message>
        <source>Hide the hint</source>
        <translation>隐藏提示</translation>
    </message>
    <message>
        <source>This store has no runs yet.</source>
        <translation>此存储尚无运行。</translation>
    </message>
    <message>
        <source>These numbers are from papers. Measure your own: the pocket suite of small trained models runs on this computer in minutes.</source>
        <translation>这些数字来自论文。请自行测量：由训练好的小模型组成的袖珍套件可在此计算机上几分钟内运行完。</translation>
    </message>
    <message>
        <source>These results were imported, none was measured here. The pocket suite of small trained models runs on this computer in minutes.</source>
        <translation>这些结果是导入的，没有在此测量的。由训练好的小模型组成的袖珍套件可在此计算机上几分钟内运行完。</translation>
    </message>
    <message numerus="yes">
        <source>%n point(s) left out: some of the tasks that others of the family have are missing.</source>
        <translation>
            <numerusform>略去 %n 个点：缺少同族其他点所有的某些任务。</numerusform>
        </translation>
    </message>
    <message>
        <source>The sweep runs. A point appears as soon as one configuration of a model has been scored on all tasks.</source>
        <translation>扫描正在运行。模型的一个配置在所有任务上评分完毕后，就会出现一个点。</translation>
    </message>
    <message>
        <source>No point passes the filter and the choice of what to show.</source>
        <translation>没有点通过筛选和显示范围的选择。</translation>
    </message>
    <message>
        <source>1 point is left out: it lacks some of the tasks that others of its family have.</source>
        <translation type="vanished">有 1 个点被略去：它缺少同族其他点所有的某些任务。</translation>
    </message>
    <message>
        <source>%1 points are left out: they lack some of the tasks that others of their family have.</source>
        <translation type="vanished">有 %1 个点被略去：它们缺少同族其他点所有的某些任务。</translation>
    </message>
</context>
<context>
    <name>bitfrontier::HoverCard</name>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Bits/weight</source>
        <translation>比特/权重</translation>
    </message>
    <message>
        <source>%1 in linear layers</source>
        <translation>线性层中 %1</translation>
    </message>
    <message>
        <source>Bits/parameter</source>
        <translation>比特/参数</translation>
    </message>
    <message>
        <source>%1 in the whole model</source>
        <translation>整个模型中 %1</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>块</translation>
    </message>
    <message>
        <source>Items per task</source>
        <translation>每任务题数</translation>
    </message>
    <message>
        <source>Frontier</source>
        <translation>前沿</translation>
    </message>
    <message>
        <source>on it</source>
        <translation>在前沿上</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>measured here</source>
        <translation>在此测量</translation>
    </message>
    <message>
        <source>%1, %2: %3 %4, %5</source>
        <translation>%1，%2：%3 %4，%5</translation>
    </message>
</context>
<context>
    <name>bitfrontier::InspectorController</name>
    <message>
        <source>Select a point first</source>
        <translation>请先选择一个点</translation>
    </message>
    <message>
        <source>The numbers are from a paper or another program</source>
        <translation>这些数字来自论文或其他程序</translation>
    </message>
    <message>
        <source>Where the file of task %1 is, is not known</source>
        <translation>不知道任务 %1 的文件在哪里</translation>
    </message>
    <message>
        <source>Running %1 items of %2 again…</source>
        <translation>正在重新运行 %2 的 %1 道题…</translation>
    </message>
    <message>
        <source>Not verified: %1</source>
        <translation>未验证：%1</translation>
    </message>
    <message>
        <source>Cancelled; nothing was compared.</source>
        <translation>已取消；未作比较。</translation>
    </message>
</context>
<context>
    <name>bitfrontier::InspectorPanel</name>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>Where the bits go</source>
        <translation>比特的去向</translation>
    </message>
    <message>
        <source>Selected points</source>
        <translation>选中的点</translation>
    </message>
    <message>
        <source>What it is worth</source>
        <translation>其价值</translation>
    </message>
    <message>
        <source>How it was made</source>
        <translation>如何得出</translation>
    </message>
    <message>
        <source>&amp;Verify</source>
        <translation type="vanished">验证(&amp;V)</translation>
    </message>
    <message>
        <source>Items to run again</source>
        <translation>要重新运行的题目</translation>
    </message>
    <message>
        <source>Items of the point&apos;s first task to run again</source>
        <translation>该点第一个任务中要重新运行的题目</translation>
    </message>
    <message>
        <source> items</source>
        <translation> 道题</translation>
    </message>
    <message>
        <source>&amp;Copy as command</source>
        <translation type="vanished">复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>E&amp;xclude…</source>
        <translation type="vanished">排除(&amp;X)…</translation>
    </message>
    <message>
        <source>Leaves the selected points out of fits, with a reason</source>
        <translation>把选中的点排除在拟合之外，并注明理由</translation>
    </message>
    <message>
        <source>Set &amp;baseline</source>
        <translation type="vanished">设为基线(&amp;B)</translation>
    </message>
    <message>
        <source>Compares the other points with this one</source>
        <translation>把其他点与此点比较</translation>
    </message>
    <message>
        <source>Select a point in the plot or a row of the table to see its bits, its results and how it was made. Select several to compare them.</source>
        <translation>在图中选择一个点或在表格中选择一行，以查看其比特、结果和得出方式。选择多个可进行比较。</translation>
    </message>
    <message>
        <source>updating…</source>
        <translation>正在更新…</translation>
    </message>
    <message>
        <source>The selected points are not among those that the view&apos;s source and tasks choose.</source>
        <translation>选中的点不在视图的来源与任务所选的点之中。</translation>
    </message>
    <message>
        <source>Shown are %1 of %2 selected points.</source>
        <translation>显示了 %2 个选中点中的 %1 个。</translation>
    </message>
    <message>
        <source>Nothing selected</source>
        <translation>未选择任何内容</translation>
    </message>
    <message>
        <source>point selected</source>
        <translation>个点被选中</translation>
    </message>
    <message>
        <source>points selected</source>
        <translation>个点被选中</translation>
    </message>
    <message>
        <source>Select one point first</source>
        <translation>请先选择一个点</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="vanished">停止(&amp;S)</translation>
    </message>
    <message>
        <source>Runs items again and compares each outcome with the stored one</source>
        <translation>重新运行题目，并把每个结果与存储的比较</translation>
    </message>
    <message>
        <source>The numbers are from a paper or another program</source>
        <translation>这些数字来自论文或其他程序</translation>
    </message>
    <message>
        <source>Copies the command that makes this point</source>
        <translation>复制生成此点的命令</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>检查器</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Exclude…</source>
        <translation>排除…</translation>
    </message>
    <message>
        <source>Set baseline</source>
        <translation>设为基线</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Looking up…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Not in this view</source>
        <translation>不在此视图中</translation>
    </message>
</context>
<context>
    <name>bitfrontier::LaunchDialog</name>
    <message>
        <source>New sweep</source>
        <translation>新建扫描</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Copies the command line that runs the same sweep</source>
        <translation>复制执行同一扫描的命令行</translation>
    </message>
    <message>
        <source>Start</source>
        <translation type="vanished">开始</translation>
    </message>
    <message>
        <source>Starts the sweep (Ctrl+Enter)</source>
        <translation type="vanished">开始扫描（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add &amp;directory…</source>
        <translation>添加目录(&amp;D)…</translation>
    </message>
    <message>
        <source>A folder with config.json, tokenizer.json and *.safetensors</source>
        <translation>含有 config.json、tokenizer.json 和 *.safetensors 的文件夹</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Configurations</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Add &amp;task file…</source>
        <translation>添加任务文件(&amp;T)…</translation>
    </message>
    <message>
        <source>Add a task</source>
        <translation>添加任务</translation>
    </message>
    <message>
        <source>Task files (*.jsonl *.txt);;All files (*)</source>
        <translation>任务文件 (*.jsonl *.txt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>The first items of each task, in a fixed order; 0 takes all</source>
        <translation>每个任务按固定顺序的前若干题；0 表示全部</translation>
    </message>
    <message>
        <source>&amp;Items per task</source>
        <translation>每任务题数(&amp;I)</translation>
    </message>
    <message>
        <source>De&amp;vice</source>
        <translation>设备(&amp;V)</translation>
    </message>
    <message>
        <source>Items per task</source>
        <translation>每任务题数</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>设备</translation>
    </message>
    <message>
        <source>The pocket suite is missing: %1</source>
        <translation>缺少袖珍套件：%1</translation>
    </message>
    <message>
        <source>cpu · %1</source>
        <translation>cpu · %1</translation>
    </message>
    <message>
        <source>%1 (not available)</source>
        <translation>%1（不可用）</translation>
    </message>
    <message>
        <source>%1 is no model folder: it has no config.json</source>
        <translation>%1 不是模型文件夹：其中没有 config.json</translation>
    </message>
    <message>
        <source>%1 is no file</source>
        <translation>%1 不是文件</translation>
    </message>
    <message>
        <source>Choose at least one model, one configuration and one task.</source>
        <translation>请至少选择一个模型、一个配置和一个任务。</translation>
    </message>
    <message>
        <source>These configurations cannot be; see the line above.</source>
        <translation>这些配置不可行；见上一行。</translation>
    </message>
    <message>
        <source> · planning…</source>
        <translation> · 正在规划…</translation>
    </message>
    <message>
        <source>model</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>models</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>configuration</source>
        <translation>个配置</translation>
    </message>
    <message>
        <source>configurations</source>
        <translation>个配置</translation>
    </message>
    <message>
        <source>task</source>
        <translation>个任务</translation>
    </message>
    <message>
        <source>tasks</source>
        <translation>个任务</translation>
    </message>
    <message>
        <source>cell</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>cells</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>Start %1</source>
        <translation type="vanished">开始 %1</translation>
    </message>
    <message>
        <source>Cannot be planned: %1</source>
        <translation>无法规划：%1</translation>
    </message>
    <message>
        <source> · %1 already done · </source>
        <translation> · 已完成 %1 · </translation>
    </message>
    <message>
        <source>nothing to do</source>
        <translation>无事可做</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>Te&amp;mplate</source>
        <translation type="vanished">模板(&amp;M)</translation>
    </message>
    <message>
        <source>Saves these choices as a file, or takes those of one</source>
        <translation>把这些选择存为文件，或采用文件中的选择</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>加入队列</translation>
    </message>
    <message>
        <source>Press again to queue %1</source>
        <translation>再按一次以加入 %1</translation>
    </message>
    <message>
        <source> · looking at model %1 of %2…</source>
        <translation> · 正在查看第 %1 / %2 个模型…</translation>
    </message>
    <message>
        <source>Nothing is left to run: every chosen cell is stored or queued.</source>
        <translation>没有剩余可运行的：每个所选单元都已存储或在队列中。</translation>
    </message>
    <message>
        <source>The disk of the store has no room for the results.</source>
        <translation>存储所在磁盘没有空间存放结果。</translation>
    </message>
    <message>
        <source>time unknown, nothing has run on this device yet</source>
        <translation>时间未知，此设备上尚未运行过</translation>
    </message>
    <message>
        <source>Results go into %1</source>
        <translation>结果存入 %1</translation>
    </message>
    <message>
        <source>Puts the sweep into the queue (Ctrl+Enter)</source>
        <translation>把扫描加入队列（Ctrl+Enter）</translation>
    </message>
    <message>
        <source>Queue %1</source>
        <translation>加入 %1</translation>
    </message>
    <message>
        <source>Memory at most about %1 of %2 (%3)</source>
        <translation>内存最多约 %1，共 %2（%3）</translation>
    </message>
    <message>
        <source>Memory at most about %1 (%2)</source>
        <translation>内存最多约 %1（%2）</translation>
    </message>
    <message>
        <source>%1 will not fit and %2 left out</source>
        <translation>%1 放不下，%2被略去</translation>
    </message>
    <message>
        <source>is</source>
        <translation>者</translation>
    </message>
    <message>
        <source>are</source>
        <translation>者</translation>
    </message>
    <message>
        <source>disk %1, %2 free</source>
        <translation>磁盘 %1，可用 %2</translation>
    </message>
    <message>
        <source>results go into %1</source>
        <translation>结果存入 %1</translation>
    </message>
    <message>
        <source>No longer there and left out: %1</source>
        <translation>已不存在并被略去：%1</translation>
    </message>
    <message>
        <source>&amp;Save as template…</source>
        <translation>另存为模板(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Open template…</source>
        <translation>打开模板(&amp;O)…</translation>
    </message>
    <message>
        <source>Open a template</source>
        <translation>打开模板</translation>
    </message>
    <message>
        <source>Templates (*.json)</source>
        <translation>模板 (*.json)</translation>
    </message>
    <message>
        <source>Save as template</source>
        <translation>另存为模板</translation>
    </message>
    <message>
        <source>/sweep.json</source>
        <translation>/sweep.json</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 无法写入：%2</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 无法读取：%2</translation>
    </message>
    <message>
        <source>%1 is no template: %2 at byte %3</source>
        <translation>%1 不是模板：第 %3 字节处 %2</translation>
    </message>
    <message>
        <source>%1 is no template of a sweep</source>
        <translation>%1 不是扫描模板</translation>
    </message>
    <message>
        <source>Templat&amp;e</source>
        <translation>模板(&amp;E)</translation>
    </message>
</context>
<context>
    <name>bitfrontier::LawDetails</name>
    <message>
        <source>Law</source>
        <translation>定律</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>Why this law</source>
        <translation>为何是此定律</translation>
    </message>
    <message>
        <source>Residuals</source>
        <translation>残差</translation>
    </message>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
    <message>
        <source>&amp;Profile</source>
        <translation type="vanished">轮廓(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;LaTeX</source>
        <translation type="vanished">&amp;LaTeX</translation>
    </message>
    <message>
        <source>Copies formula and parameters for a paper</source>
        <translation>复制公式与参数，供论文使用</translation>
    </message>
    <message>
        <source>&amp;JSON</source>
        <translation type="vanished">&amp;JSON</translation>
    </message>
    <message>
        <source>Copies the law with covariance, to predict elsewhere</source>
        <translation>复制带协方差的定律，以便在别处预测</translation>
    </message>
    <message>
        <source>P&amp;ython</source>
        <translation type="vanished">P&amp;ython</translation>
    </message>
    <message>
        <source>Copies a module that predicts and draws</source>
        <translation>复制可预测并作图的模块</translation>
    </message>
    <message>
        <source>&amp;Command</source>
        <translation type="vanished">命令(&amp;C)</translation>
    </message>
    <message>
        <source>Copies the command that gives this law</source>
        <translation>复制给出此定律的命令</translation>
    </message>
    <message>
        <source>Laws that were tried</source>
        <translation>尝试过的定律</translation>
    </message>
    <message>
        <source>Same &amp;slope for all widths?</source>
        <translation type="vanished">所有位宽斜率相同(&amp;S)？</translation>
    </message>
    <message>
        <source>Laws compared</source>
        <translation>比较的定律</translation>
    </message>
    <message>
        <source>updating…</source>
        <translation>正在更新…</translation>
    </message>
    <message>
        <source>No point is in view.</source>
        <translation>视图中没有点。</translation>
    </message>
    <message>
        <source>%1 against %2, %3 test: p %4</source>
        <translation>%1 对 %2，%3 检验：p %4</translation>
    </message>
    <message>
        <source>Fits several laws to the same points and compares them by AICc, tests and what they predict for sizes that are left out.</source>
        <translation>对相同的点拟合若干定律，并按 AICc、检验以及对留出规模的预测进行比较。</translation>
    </message>
    <message>
        <source>There is no law of all series together</source>
        <translation>没有所有序列共同的定律</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation type="vanished">停止(&amp;S)</translation>
    </message>
    <message>
        <source>Intervals by profile likelihood, which may be skewed</source>
        <translation>由轮廓似然得到的区间，可能不对称</translation>
    </message>
    <message>
        <source>Compares the laws on the same points</source>
        <translation>在相同的点上比较定律</translation>
    </message>
    <message>
        <source>No point is in view</source>
        <translation>视图中没有点</translation>
    </message>
    <message>
        <source>Profile</source>
        <translation>轮廓</translation>
    </message>
    <message>
        <source>LaTeX</source>
        <translation>LaTeX</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Python</source>
        <translation>Python</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Same slope for all widths?</source>
        <translation>所有位宽斜率相同？</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
</context>
<context>
    <name>bitfrontier::LawPanel</name>
    <message>
        <source>1 - accuracy = </source>
        <translation>1 − 准确率 = </translation>
    </message>
    <message>
        <source>No law describes these points</source>
        <translation>没有定律能描述这些点</translation>
    </message>
    <message>
        <source>&amp;Metric</source>
        <translation>指标(&amp;M)</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>B&amp;its of</source>
        <translation>比特计自(&amp;I)</translation>
    </message>
    <message>
        <source>Se&amp;ries by</source>
        <translation>序列划分(&amp;R)</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>比特</translation>
    </message>
    <message>
        <source>Block size</source>
        <translation>块大小</translation>
    </message>
    <message>
        <source>Data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>Laws</source>
        <translation>定律</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Ab&amp;out</source>
        <translation type="vanished">关于(&amp;O)</translation>
    </message>
    <message>
        <source>The family whose law is shown; its points are selected</source>
        <translation>显示其定律的模型族；其点被选中</translation>
    </message>
    <message>
        <source>Pages about laws</source>
        <translation>关于定律的页面</translation>
    </message>
    <message>
        <source>%1: its law is shown and its points are selected when it is chosen</source>
        <translation>%1：选择后显示其定律并选中其点</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
</context>
<context>
    <name>bitfrontier::LawsController</name>
    <message>
        <source>%1 points</source>
        <translation>%1 个点</translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 奈特</translation>
    </message>
    <message>
        <source>it does not describe the data</source>
        <translation>它不能描述数据</translation>
    </message>
    <message>
        <source>held</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>at a bound</source>
        <translation>在边界上</translation>
    </message>
    <message>
        <source>not determined by the data</source>
        <translation>数据无法确定</translation>
    </message>
    <message>
        <source>No law of all series together: %1</source>
        <translation>没有所有序列共同的定律：%1</translation>
    </message>
    <message>
        <source>open on a side</source>
        <translation>一侧无界</translation>
    </message>
    <message>
        <source>%1 points of %2 sizes</source>
        <translation>%2 个规模的 %1 个点</translation>
    </message>
    <message>
        <source>residual scatter %1</source>
        <translation>残差散布 %1</translation>
    </message>
    <message>
        <source>lack of fit %1</source>
        <translation>拟合不足 %1</translation>
    </message>
    <message>
        <source>R² %1</source>
        <translation>R² %1</translation>
    </message>
    <message>
        <source>%1 of %2 starts agree</source>
        <translation>%2 个起点中 %1 个一致</translation>
    </message>
    <message>
        <source>%1 outliers</source>
        <translation>%1 个离群点</translation>
    </message>
    <message>
        <source>95 % intervals covered %1 % of the points of left-out sizes</source>
        <translation>95 % 区间覆盖了留出规模中 %1 % 的点</translation>
    </message>
    <message>
        <source>There is no law yet.</source>
        <translation>尚无定律。</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>The law is %1, %2.</source>
        <translation>定律为 %1，%2。</translation>
    </message>
</context>
<context>
    <name>bitfrontier::LogPanel</name>
    <message>
        <source>Sweep</source>
        <translation>扫描</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Lines of all sweeps, or of one</source>
        <translation>所有扫描或某一扫描的日志行</translation>
    </message>
    <message>
        <source>all sweeps</source>
        <translation>所有扫描</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Lines of this level and above</source>
        <translation>此级别及以上的行</translation>
    </message>
    <message>
        <source>all lines</source>
        <translation>所有行</translation>
    </message>
    <message>
        <source>warnings</source>
        <translation>警告</translation>
    </message>
    <message>
        <source>errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Find in the log</source>
        <translation>在日志中查找</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>查找</translation>
    </message>
    <message>
        <source>Lines with all of these words</source>
        <translation>含有所有这些词的行</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Copies versions and the lines of the chosen sweep, to report a fault</source>
        <translation>复制版本和所选扫描的日志行，以报告故障</translation>
    </message>
    <message>
        <source>%1 of %2 lines</source>
        <translation>%1 / %2 行</translation>
    </message>
</context>
<context>
    <name>bitfrontier::MainWindow</name>
    <message>
        <source>Bitfrontier</source>
        <translation>Bitfrontier</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>正在打开 %1</translation>
    </message>
    <message>
        <source>There is no store %1.</source>
        <translation>没有存储 %1。</translation>
    </message>
    <message>
        <source>Make a new, empty one?</source>
        <translation>要新建一个空的吗？</translation>
    </message>
    <message>
        <source>Make it</source>
        <translation>新建</translation>
    </message>
    <message>
        <source>%1 – Bitfrontier</source>
        <translation>%1 – Bitfrontier</translation>
    </message>
    <message>
        <source>%1 (read only) – Bitfrontier</source>
        <translation type="vanished">%1（只读）– Bitfrontier</translation>
    </message>
    <message>
        <source>Open a store first</source>
        <translation>请先打开一个存储</translation>
    </message>
    <message>
        <source>%1 of %2 cells, %3 left</source>
        <translation>%1 / %2 个单元，剩余 %3</translation>
    </message>
    <message>
        <source>A sweep is running. Stop it and quit?</source>
        <translation>有扫描正在运行。停止并退出吗？</translation>
    </message>
    <message>
        <source>Finished cells stay stored; the same sweep goes on from there.</source>
        <translation type="vanished">已完成的单元仍被保存；同一扫描可从那里继续。</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>停止并退出</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Stopping after this batch…</source>
        <translation>将在此批次后停止…</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>打开最近的(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>F&amp;ilter</source>
        <translation>筛选(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Panels</source>
        <translation>面板(&amp;P)</translation>
    </message>
    <message>
        <source>Shows or hides the panel &quot;%1&quot;</source>
        <translation>显示或隐藏面板“%1”</translation>
    </message>
    <message>
        <source>&amp;Sweep</source>
        <translation>扫描(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>Main tool bar</source>
        <translation>主工具栏</translation>
    </message>
    <message>
        <source>Shows or hides the tool bar</source>
        <translation>显示或隐藏工具栏</translation>
    </message>
    <message>
        <source>Open a store, or name a new one</source>
        <translation>打开存储，或为新存储命名</translation>
    </message>
    <message>
        <source>Stores (*.bfdb)</source>
        <translation>存储 (*.bfdb)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Keyboard and mouse</source>
        <translation>键盘与鼠标</translation>
    </message>
    <message>
        <source>&lt;b&gt;In the plot&lt;/b&gt;&lt;table cellspacing=&apos;4&apos;&gt;&lt;tr&gt;&lt;td&gt;wheel, + and −&lt;/td&gt;&lt;td&gt;zoom&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;drag&lt;/td&gt;&lt;td&gt;move&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;double click, Home&lt;/td&gt;&lt;td&gt;show all points&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Left, Right&lt;/td&gt;&lt;td&gt;walk the points of a series&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Up, Down&lt;/td&gt;&lt;td&gt;change the series&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Enter, click&lt;/td&gt;&lt;td&gt;select the point in the table&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;click on the legend&lt;/td&gt;&lt;td&gt;isolate; with Ctrl: hide or show&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;b&gt;Filter&lt;/b&gt;&lt;br&gt;words, field:value, field&amp;gt;=number; all must hold.&lt;br&gt;or, - for not, brackets, lists (family:opt,bloom), units (size&amp;lt;10GB).</source>
        <translation type="vanished">&lt;b&gt;在图中&lt;/b&gt;&lt;table cellspacing=&apos;4&apos;&gt;&lt;tr&gt;&lt;td&gt;滚轮、+ 和 −&lt;/td&gt;&lt;td&gt;缩放&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;拖动&lt;/td&gt;&lt;td&gt;移动&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;双击、Home&lt;/td&gt;&lt;td&gt;显示所有点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;左、右&lt;/td&gt;&lt;td&gt;在一个序列的点之间移动&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;上、下&lt;/td&gt;&lt;td&gt;切换序列&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Enter、单击&lt;/td&gt;&lt;td&gt;在表格中选中该点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;单击图例&lt;/td&gt;&lt;td&gt;单独显示；按住 Ctrl：隐藏或显示&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;b&gt;筛选&lt;/b&gt;&lt;br&gt;单词、字段:值、字段&amp;gt;=数字；须全部满足。&lt;br&gt;or 表示或，- 表示非，括号，列表（family:opt,bloom），单位（size&amp;lt;10GB）。</translation>
    </message>
    <message>
        <source>About Bitfrontier</source>
        <translation type="vanished">关于 Bitfrontier</translation>
    </message>
    <message>
        <source>&lt;b&gt;Bitfrontier %1&lt;/b&gt;&lt;p&gt;Bit-precision scaling laws of quantized language models: quantize, measure zero-shot accuracy, fit, plot.&lt;/p&gt;&lt;p&gt;GNU General Public License, version 3 or later.&lt;/p&gt;</source>
        <translation type="vanished">&lt;b&gt;Bitfrontier %1&lt;/b&gt;&lt;p&gt;量化语言模型的比特精度缩放定律：量化、测量零样本准确率、拟合、作图。&lt;/p&gt;&lt;p&gt;GNU 通用公共许可证第 3 版或更高版本。&lt;/p&gt;</translation>
    </message>
    <message>
        <source>%1 is not there. Its view is shown of the open store.</source>
        <translation>%1 不存在。改以打开的存储显示其视图。</translation>
    </message>
    <message>
        <source>change of view</source>
        <translation>更改视图</translation>
    </message>
    <message>
        <source>%1 (read only)</source>
        <translation>%1（只读）</translation>
    </message>
    <message>
        <source>%1[*] – %2 – Bitfrontier</source>
        <translation>%1[*] – %2 – Bitfrontier</translation>
    </message>
    <message>
        <source> – %1 points of accuracy against %2 %3</source>
        <translation> – 相对 %2 %3 为 %1 个准确率百分点</translation>
    </message>
    <message>
        <source> – %1 against %2 %3</source>
        <translation> – 相对 %2 %3 为 %1</translation>
    </message>
    <message>
        <source> – from %1</source>
        <translation> – 来自 %1</translation>
    </message>
    <message>
        <source>&amp;Undo %1</source>
        <translation>撤销%1(&amp;U)</translation>
    </message>
    <message>
        <source>Takes back: %1</source>
        <translation>撤销：%1</translation>
    </message>
    <message>
        <source>Nothing has been changed yet</source>
        <translation>尚未更改任何内容</translation>
    </message>
    <message>
        <source>&amp;Redo %1</source>
        <translation>重做%1(&amp;R)</translation>
    </message>
    <message>
        <source>Makes again: %1</source>
        <translation>重做：%1</translation>
    </message>
    <message>
        <source>Nothing has been taken back</source>
        <translation>没有被撤销的更改</translation>
    </message>
    <message>
        <source>E&amp;xclude points…</source>
        <translation>排除数据点(&amp;X)…</translation>
    </message>
    <message>
        <source>Select points first</source>
        <translation>请先选择数据点</translation>
    </message>
    <message>
        <source>Leaves the selected points out of laws and frontier, with a reason</source>
        <translation>把选中的点排除在定律与前沿之外，并注明理由</translation>
    </message>
    <message>
        <source>Remove &amp;baseline</source>
        <translation>移除基线(&amp;B)</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>设为基线(&amp;B)</translation>
    </message>
    <message>
        <source>Compares with no point</source>
        <translation>不与任何点比较</translation>
    </message>
    <message>
        <source>Compares all points with the selected one</source>
        <translation>把所有点与选中的点比较</translation>
    </message>
    <message>
        <source>Select one point first</source>
        <translation>请先选择一个点</translation>
    </message>
    <message>
        <source>Open in new window</source>
        <translation>在新窗口中打开</translation>
    </message>
    <message>
        <source>Stores (*.bfdb);;All files (*)</source>
        <translation>存储 (*.bfdb);;所有文件 (*)</translation>
    </message>
    <message>
        <source>None of these points is shown</source>
        <translation>这些点都未显示</translation>
    </message>
    <message>
        <source>1 point excluded: %1</source>
        <translation>排除了 1 个点：%1</translation>
    </message>
    <message>
        <source>%1 points excluded: %2</source>
        <translation>排除了 %1 个点：%2</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>The queue is not kept: %1</source>
        <translation>队列未被保存：%1</translation>
    </message>
    <message>
        <source>%1 interrupted when the program ended; Resume goes on</source>
        <translation>%1在程序结束时中断；“继续”可接着进行</translation>
    </message>
    <message>
        <source>sweep was</source>
        <translation>个扫描</translation>
    </message>
    <message>
        <source>sweeps were</source>
        <translation>个扫描</translation>
    </message>
    <message>
        <source>Finished cells stay stored; the list of sweeps is kept and can be resumed.</source>
        <translation>已完成的单元仍被保存；扫描列表被保留，可继续。</translation>
    </message>
    <message>
        <source>&lt;b&gt;In the plot&lt;/b&gt;&lt;table cellspacing=&apos;4&apos;&gt;&lt;tr&gt;&lt;td&gt;wheel, + and −&lt;/td&gt;&lt;td&gt;zoom&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;drag&lt;/td&gt;&lt;td&gt;move&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Shift and drag&lt;/td&gt;&lt;td&gt;select points; Ctrl and click: add one&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Ctrl and drag&lt;/td&gt;&lt;td&gt;zoom to a rectangle&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Backspace, Alt+Left&lt;/td&gt;&lt;td&gt;the range before&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;double click, Home&lt;/td&gt;&lt;td&gt;show all points&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Left, Right, Page Up, Page Down&lt;/td&gt;&lt;td&gt;walk the points of a series&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Up, Down&lt;/td&gt;&lt;td&gt;change the series&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Enter, click&lt;/td&gt;&lt;td&gt;select the point in the table&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;click on the legend&lt;/td&gt;&lt;td&gt;isolate; with Ctrl: hide or show&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;b&gt;Filter&lt;/b&gt;&lt;br&gt;words, field:value, field&amp;gt;=number; all must hold.&lt;br&gt;or, - for not, brackets, lists (family:opt,bloom), units (size&amp;lt;10GB).</source>
        <translation type="vanished">&lt;b&gt;在图中&lt;/b&gt;&lt;table cellspacing=&apos;4&apos;&gt;&lt;tr&gt;&lt;td&gt;滚轮、+ 和 −&lt;/td&gt;&lt;td&gt;缩放&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;拖动&lt;/td&gt;&lt;td&gt;移动&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;按住 Shift 拖动&lt;/td&gt;&lt;td&gt;框选点；按住 Ctrl 单击：添加一个点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;按住 Ctrl 拖动&lt;/td&gt;&lt;td&gt;放大到矩形区域&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Backspace、Alt+左&lt;/td&gt;&lt;td&gt;上一个范围&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;双击、Home&lt;/td&gt;&lt;td&gt;显示所有点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;左、右、Page Up、Page Down&lt;/td&gt;&lt;td&gt;在一个序列的点之间移动&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;上、下&lt;/td&gt;&lt;td&gt;切换序列&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Enter、单击&lt;/td&gt;&lt;td&gt;在表格中选中该点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;单击图例&lt;/td&gt;&lt;td&gt;单独显示；按住 Ctrl：隐藏或显示&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;b&gt;筛选&lt;/b&gt;&lt;br&gt;单词、字段:值、字段&amp;gt;=数字；须全部满足。&lt;br&gt;or 表示或，- 表示非，括号，列表（family:opt,bloom），单位（size&amp;lt;10GB）。</translation>
    </message>
    <message>
        <source>&amp;Tools</source>
        <translation type="vanished">工具(&amp;T)</translation>
    </message>
    <message>
        <source>T&amp;ools</source>
        <translation>工具(&amp;O)</translation>
    </message>
    <message>
        <source>&lt;b&gt;In the plot&lt;/b&gt;&lt;table cellspacing=&apos;4&apos;&gt;&lt;tr&gt;&lt;td&gt;wheel, + and −&lt;/td&gt;&lt;td&gt;zoom&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;drag&lt;/td&gt;&lt;td&gt;move&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Shift and drag&lt;/td&gt;&lt;td&gt;select points; Ctrl and click: add one&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Ctrl and drag&lt;/td&gt;&lt;td&gt;zoom to a rectangle&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Plot &amp;gt; Select by lasso&lt;/td&gt;&lt;td&gt;Shift and drag by hand&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Backspace, Alt+Left&lt;/td&gt;&lt;td&gt;the range before&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;double click, Home&lt;/td&gt;&lt;td&gt;show all points&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Left, Right, Page Up, Page Down&lt;/td&gt;&lt;td&gt;walk the points of a series&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Up, Down&lt;/td&gt;&lt;td&gt;change the series&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Enter, click&lt;/td&gt;&lt;td&gt;select the point in the table&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;click on the legend&lt;/td&gt;&lt;td&gt;isolate; with Ctrl: hide or show&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;b&gt;Filter&lt;/b&gt;&lt;br&gt;words, field:value, field&amp;gt;=number; all must hold.&lt;br&gt;or, - for not, brackets, lists (family:opt,bloom), units (size&amp;lt;10GB).</source>
        <translation>&lt;b&gt;在图中&lt;/b&gt;&lt;table cellspacing=&apos;4&apos;&gt;&lt;tr&gt;&lt;td&gt;滚轮、+ 和 −&lt;/td&gt;&lt;td&gt;缩放&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;拖动&lt;/td&gt;&lt;td&gt;移动&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;按住 Shift 拖动&lt;/td&gt;&lt;td&gt;框选点；按住 Ctrl 单击：添加一个点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;按住 Ctrl 拖动&lt;/td&gt;&lt;td&gt;放大到矩形区域&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;绘图 &amp;gt; 套索选择&lt;/td&gt;&lt;td&gt;按住 Shift 拖动以手绘选择&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Backspace、Alt+左&lt;/td&gt;&lt;td&gt;上一个范围&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;双击、Home&lt;/td&gt;&lt;td&gt;显示所有点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;左、右、Page Up、Page Down&lt;/td&gt;&lt;td&gt;在一个序列的点之间移动&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;上、下&lt;/td&gt;&lt;td&gt;切换序列&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Enter、单击&lt;/td&gt;&lt;td&gt;在表格中选中该点&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;单击图例&lt;/td&gt;&lt;td&gt;单独显示；按住 Ctrl：隐藏或显示&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;b&gt;筛选&lt;/b&gt;&lt;br&gt;单词、字段:值、字段&amp;gt;=数字；须全部满足。&lt;br&gt;or 表示或，- 表示非，括号，列表（family:opt,bloom），单位（size&amp;lt;10GB）。</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ManualWindow</name>
    <message>
        <source>Manual</source>
        <translation>手册</translation>
    </message>
    <message>
        <source>Search the manual</source>
        <translation>搜索手册</translation>
    </message>
    <message>
        <source>Contents</source>
        <translation>目录</translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message numerus="yes">
        <source>%n page(s)</source>
        <translation>
            <numerusform>%n 页</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <translation>%1 – %2</translation>
    </message>
    <message numerus="yes">
        <source>%n section(s) found</source>
        <translation>
            <numerusform>找到 %n 节</numerusform>
        </translation>
    </message>
    <message>
        <source>Not followed, it is outside the manual: %1</source>
        <translation>未打开，它在手册之外：%1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ModelsModel</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>asking the hub</source>
        <translation>正在询问 Hub</translation>
    </message>
    <message>
        <source>downloading, %1 %</source>
        <translation>下载中，%1 %</translation>
    </message>
    <message>
        <source>paused, what is there is kept</source>
        <translation>已暂停，已有的被保留</translation>
    </message>
    <message>
        <source>downloaded and verified</source>
        <translation>已下载并校验</translation>
    </message>
    <message>
        <source>cancelled, what is there is kept</source>
        <translation>已取消，已有的被保留</translation>
    </message>
    <message>
        <source>unavailable</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>complete</source>
        <translation>完整</translation>
    </message>
    <message>
        <source>incomplete: no %1</source>
        <translation>不完整：缺少 %1</translation>
    </message>
    <message>
        <source>cannot be run: %1</source>
        <translation>无法运行：%1</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>架构</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ModelsPanel</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>New sweep…</source>
        <translation>新建扫描…</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>model</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>models</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Name on the hub</source>
        <translation>Hub 上的名称</translation>
    </message>
    <message>
        <source>OWNER/NAME or OWNER/NAME@REVISION of a model on the hub</source>
        <translation>Hub 上模型的 OWNER/NAME 或 OWNER/NAME@REVISION</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Asks the hub for the model&apos;s size, checks the free disk, downloads it</source>
        <translation>向 Hub 询问模型大小，检查可用磁盘空间，然后下载</translation>
    </message>
    <message>
        <source>Stops the download; what is there is kept</source>
        <translation>停止下载；已有的被保留</translation>
    </message>
    <message>
        <source>Takes the download off the list; what is there is kept on the disk</source>
        <translation>把下载移出列表；已有的保留在磁盘上</translation>
    </message>
    <message>
        <source>Puts a sweep of this model together</source>
        <translation>组成此模型的扫描</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Shows the model&apos;s files</source>
        <translation>显示模型的文件</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>复制路径</translation>
    </message>
    <message>
        <source>Copies the path of the model&apos;s folder</source>
        <translation>复制模型文件夹的路径</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>重新查看</translation>
    </message>
    <message>
        <source>Reads the cache again</source>
        <translation>重新读取缓存</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1，位于 %2</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is not OWNER/NAME or OWNER/NAME@REVISION</source>
        <translation>“%1”不是 OWNER/NAME 或 OWNER/NAME@REVISION</translation>
    </message>
    <message>
        <source>Not there at the moment: %1</source>
        <translation>目前不存在：%1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::NextPanel</name>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>次序</translation>
    </message>
    <message>
        <source>The first is worth most</source>
        <translation>第一个最有价值</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Model and configuration that have not been run</source>
        <translation>尚未运行的模型与配置</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>What the run would decide or make possible</source>
        <translation>该运行将决定什么或使什么成为可能</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>收益</translation>
    </message>
    <message>
        <source>Expected reduction of regret, in points of accuracy or nats</source>
        <translation>期望遗憾的减少，以准确率百分点或奈特计</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What the run takes, by what its neighbours took</source>
        <translation>按相邻运行估计的用时</translation>
    </message>
    <message>
        <source>Gain per minute</source>
        <translation>每分钟收益</translation>
    </message>
    <message>
        <source>What the order goes by</source>
        <translation>次序的依据</translation>
    </message>
    <message>
        <source>For the &amp;budget line only</source>
        <translation type="vanished">仅针对预算线(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation type="vanished">关于(&amp;A)</translation>
    </message>
    <message>
        <source>usual</source>
        <translation>通常</translation>
    </message>
    <message>
        <source>Expected regret, in points of accuracy or nats, below which nothing more need be run</source>
        <translation>期望遗憾（准确率百分点或奈特）低于此值即无需再运行</translation>
    </message>
    <message>
        <source>&amp;Stop below</source>
        <translation type="vanished">低于此值停止(&amp;S)</translation>
    </message>
    <message>
        <source>Counts the choice at the budget panel&apos;s memory; else at all sizes</source>
        <translation>只计预算面板内存处的选择；否则计所有规模</translation>
    </message>
    <message>
        <source>Runs worth doing</source>
        <translation>值得进行的运行</translation>
    </message>
    <message>
        <source>&amp;Queue selected</source>
        <translation type="vanished">所选加入队列(&amp;Q)</translation>
    </message>
    <message>
        <source>Queues the selected runs</source>
        <translation>把所选运行加入队列</translation>
    </message>
    <message>
        <source>Queue the &amp;first</source>
        <translation type="vanished">前若干加入队列(&amp;F)</translation>
    </message>
    <message>
        <source>Queues as many of the first runs as the number says</source>
        <translation>按所给数目把最前面的运行加入队列</translation>
    </message>
    <message>
        <source>Number of runs to queue</source>
        <translation>加入队列的运行数</translation>
    </message>
    <message>
        <source>&amp;Copy as command</source>
        <translation type="vanished">复制为命令(&amp;C)</translation>
    </message>
    <message>
        <source>Copies the command that gives this answer</source>
        <translation>复制给出此答案的命令</translation>
    </message>
    <message>
        <source>No point is in view.</source>
        <translation>视图中没有点。</translation>
    </message>
    <message>
        <source>%1 (%2 of %3 cells have been run)</source>
        <translation>%1（%3 个单元中已运行 %2 个）</translation>
    </message>
    <message>
        <source>Law: %1</source>
        <translation>定律：%1</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>注：%1</translation>
    </message>
    <message>
        <source>updating…</source>
        <translation>正在更新…</translation>
    </message>
    <message>
        <source>No run is proposed</source>
        <translation>没有建议的运行</translation>
    </message>
    <message>
        <source>Select a run first</source>
        <translation>请先选择一个运行</translation>
    </message>
    <message>
        <source>%1 queued</source>
        <translation>%1 已入队</translation>
    </message>
    <message>
        <source>run</source>
        <translation>个运行</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>个运行</translation>
    </message>
    <message>
        <source>Next experiment</source>
        <translation>下一个实验</translation>
    </message>
    <message>
        <source>For the budget line only</source>
        <translation>仅针对预算线</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Stop below</source>
        <translation>低于此值停止</translation>
    </message>
    <message>
        <source>Queue selected</source>
        <translation>所选加入队列</translation>
    </message>
    <message>
        <source>Queue the first</source>
        <translation>前若干加入队列</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
</context>
<context>
    <name>bitfrontier::Notice</name>
    <message>
        <source>Hides this line</source>
        <translation>隐藏此行</translation>
    </message>
    <message>
        <source>Hide the message</source>
        <translation>隐藏消息</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>无可执行的操作</translation>
    </message>
</context>
<context>
    <name>bitfrontier::PinnedTable</name>
    <message>
        <source>Pinned columns</source>
        <translation>固定的列</translation>
    </message>
</context>
<context>
    <name>bitfrontier::PlotGrid</name>
    <message>
        <source>Small plots side by side</source>
        <translation>并排的小图</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>图例</translation>
    </message>
</context>
<context>
    <name>bitfrontier::PlotMenu</name>
    <message>
        <source>&amp;Plot</source>
        <translation>绘图(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Rings of the frontier</source>
        <translation>前沿的圆环(&amp;R)</translation>
    </message>
    <message>
        <source>The thicker a ring, the surer its point is on the frontier</source>
        <translation>圆环越粗，其点在前沿上越确定</translation>
    </message>
    <message>
        <source>&amp;Names in the plot</source>
        <translation>图中的名称(&amp;N)</translation>
    </message>
    <message>
        <source>Names lines and the points of the frontier where there is room</source>
        <translation>在有空间处标注线和前沿上的点的名称</translation>
    </message>
    <message>
        <source>Select by l&amp;asso</source>
        <translation>套索选择(&amp;A)</translation>
    </message>
    <message>
        <source>Shift and drag selects what a line drawn by hand encloses, not a rectangle</source>
        <translation>按住 Shift 拖动时选择手绘线围住的点，而非矩形内的点</translation>
    </message>
    <message>
        <source>Show &amp;only the selected points</source>
        <translation>仅显示选中的点(&amp;O)</translation>
    </message>
    <message>
        <source>Writes models and configurations of the selected points into the filter</source>
        <translation>把选中点的模型和配置写入筛选</translation>
    </message>
    <message>
        <source>Select points first</source>
        <translation>请先选择数据点</translation>
    </message>
    <message>
        <source>Loss&amp;less line</source>
        <translation>无损线(&amp;L)</translation>
    </message>
    <message>
        <source>The 16-bit law as if weights were kept in fewer bits without any loss</source>
        <translation>假设权重以更少比特保存而毫无损失时的 16 比特定律</translation>
    </message>
    <message>
        <source>&amp;None</source>
        <translation>无(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;%1 bit</source>
        <translation>&amp;%1 比特</translation>
    </message>
    <message>
        <source>&amp;Context in memory</source>
        <translation>内存中的上下文(&amp;C)</translation>
    </message>
    <message>
        <source>Tokens whose key-value cache the axis &quot;Memory with context&quot; counts</source>
        <translation>轴“含上下文的内存”计入其键值缓存的词元数</translation>
    </message>
    <message>
        <source>&amp;Weights alone</source>
        <translation>仅权重(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;512 tokens</source>
        <translation>&amp;512 个词元</translation>
    </message>
    <message>
        <source>&amp;2,048 tokens</source>
        <translation>&amp;2,048 个词元</translation>
    </message>
    <message>
        <source>&amp;8,192 tokens</source>
        <translation>&amp;8,192 个词元</translation>
    </message>
    <message>
        <source>&amp;32,768 tokens</source>
        <translation>&amp;32,768 个词元</translation>
    </message>
    <message>
        <source>&amp;131,072 tokens</source>
        <translation>&amp;131,072 个词元</translation>
    </message>
    <message>
        <source>&amp;Small plots by</source>
        <translation>小图划分依据(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Nothing: one plot</source>
        <translation>不划分：单个图(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Family</source>
        <translation>模型族(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Data type</source>
        <translation>数据类型(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Block size</source>
        <translation>块大小(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Task</source>
        <translation>任务(&amp;T)</translation>
    </message>
    <message>
        <source>Shows plots side by side with the same axes, zoom and selection</source>
        <translation>并排显示多个图，共用坐标轴、缩放和选择</translation>
    </message>
    <message>
        <source>&amp;Figures of the paper</source>
        <translation>论文中的图(&amp;F)</translation>
    </message>
    <message>
        <source>figure %1 of the paper</source>
        <translation>论文图 %1</translation>
    </message>
    <message>
        <source>Filter, colours and small plots as in that figure of Dettmers and Zettlemoyer (2023); Undo takes it back</source>
        <translation>筛选、颜色和小图与 Dettmers 和 Zettlemoyer (2023) 的该图相同；可撤销</translation>
    </message>
</context>
<context>
    <name>bitfrontier::PlotPane</name>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>另外 %1 个</translation>
    </message>
    <message>
        <source>No law describes %1: %2</source>
        <translation>没有定律描述 %1：%2</translation>
    </message>
    <message>
        <source>and %1 more reasons</source>
        <translation>以及另外 %1 个理由</translation>
    </message>
    <message>
        <source>Which bit width is best</source>
        <translation>何种位宽最佳</translation>
    </message>
    <message>
        <source>What the plot does not show</source>
        <translation>图中未显示的内容</translation>
    </message>
    <message>
        <source>Finding out which bit width is best…</source>
        <translation>正在确定何种位宽最佳…</translation>
    </message>
    <message>
        <source>looking again…</source>
        <translation>正在重新查看…</translation>
    </message>
    <message>
        <source>A click shows the points behind it.</source>
        <translation>单击显示其所依据的点。</translation>
    </message>
    <message>
        <source>show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>why</source>
        <translation>为何</translation>
    </message>
    <message>
        <source>Filter to %1</source>
        <translation>筛选为 %1</translation>
    </message>
    <message>
        <source>Writes %1 into the filter</source>
        <translation>把 %1 写入筛选</translation>
    </message>
    <message>
        <source>&amp;Inspect</source>
        <translation>检查(&amp;I)</translation>
    </message>
    <message>
        <source>Selects the point and shows everything about it</source>
        <translation>选中该点并显示其全部信息</translation>
    </message>
    <message>
        <source>Select the &amp;series</source>
        <translation>选中该序列(&amp;S)</translation>
    </message>
    <message>
        <source>Selects all points of this look</source>
        <translation>选中所有此外观的点</translation>
    </message>
    <message>
        <source>&amp;Copy the point</source>
        <translation>复制该点(&amp;C)</translation>
    </message>
    <message>
        <source>Copies what the card says as a line of text</source>
        <translation>把卡片内容复制为一行文字</translation>
    </message>
    <message>
        <source>Set as &amp;baseline</source>
        <translation>设为基线(&amp;B)</translation>
    </message>
    <message>
        <source>Differences are from this point</source>
        <translation>差值以此点为基准</translation>
    </message>
    <message>
        <source>&amp;Exclude…</source>
        <translation>排除(&amp;E)…</translation>
    </message>
    <message>
        <source>Leaves it out of laws and frontiers, with a reason</source>
        <translation>将其排除在定律与前沿之外，并注明理由</translation>
    </message>
    <message>
        <source>Show &amp;all points</source>
        <translation>显示所有点(&amp;A)</translation>
    </message>
    <message>
        <source>Fits the axes to the points</source>
        <translation>使坐标轴适合所有点</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>返回(&amp;B)</translation>
    </message>
    <message>
        <source>The range before the last zoom</source>
        <translation>上次缩放之前的范围</translation>
    </message>
    <message>
        <source>Clear the se&amp;lection</source>
        <translation>清除选择(&amp;L)</translation>
    </message>
    <message>
        <source>Selects nothing</source>
        <translation>不选择任何内容</translation>
    </message>
    <message>
        <source>%1 of %2 plots are left out for want of room: %3</source>
        <translation>因空间不足，%2 个图中略去 %1 个：%3</translation>
    </message>
    <message>
        <source>No point in view can be divided so</source>
        <translation>视图中没有可如此划分的点</translation>
    </message>
    <message>
        <source>Show &amp;only the selected points</source>
        <translation>仅显示选中的点(&amp;O)</translation>
    </message>
    <message>
        <source>Writes models and configurations of the selected points into the filter</source>
        <translation>把选中点的模型和配置写入筛选</translation>
    </message>
</context>
<context>
    <name>bitfrontier::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>首选项</translation>
    </message>
    <message>
        <source>Subjects</source>
        <translation>主题类别</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Privacy</source>
        <translation>隐私</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>高对比度</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>Colours of the window and of the plot</source>
        <translation>窗口与图的颜色</translation>
    </message>
    <message>
        <source>like the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source> pt</source>
        <translation> pt</translation>
    </message>
    <message>
        <source>Te&amp;xt size</source>
        <translation>文字大小(&amp;X)</translation>
    </message>
    <message>
        <source>Of all text in the window</source>
        <translation>窗口中所有文字</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>In effect when the program starts again</source>
        <translation>程序重新启动后生效</translation>
    </message>
    <message>
        <source>A new language is used when the program starts again.</source>
        <translation>新语言在程序重新启动后使用。</translation>
    </message>
    <message>
        <source>The colours of points are the Okabe-Ito set, which people with any common colour vision deficiency can tell apart; shapes and dashes say the same again.</source>
        <translation>点的颜色采用 Okabe-Ito 配色，各种常见色觉缺陷者都能区分；形状和虚线再次表达同样的信息。</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose a folder for: %1</source>
        <translation>选择文件夹：%1</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>选择文件夹</translation>
    </message>
    <message>
        <source>&amp;Stores in</source>
        <translation>存储位置(&amp;S)</translation>
    </message>
    <message>
        <source>Where new stores are made and opened first</source>
        <translation>新存储建立和首先打开的位置</translation>
    </message>
    <message>
        <source>&amp;Models in</source>
        <translation>模型位置(&amp;M)</translation>
    </message>
    <message>
        <source>The Hugging Face cache, where downloaded models lie</source>
        <translation>Hugging Face 缓存，即下载模型所在之处</translation>
    </message>
    <message>
        <source>Another folder of models is used when the program starts again; HF_HOME goes first.</source>
        <translation>更改后的模型文件夹在程序重新启动后使用；HF_HOME 优先。</translation>
    </message>
    <message>
        <source>The first GPU, or else the CPU</source>
        <translation>第一个 GPU，否则用 CPU</translation>
    </message>
    <message>
        <source>&amp;Device</source>
        <translation>设备(&amp;D)</translation>
    </message>
    <message>
        <source>What new sweeps run on</source>
        <translation>新扫描在哪里运行</translation>
    </message>
    <message>
        <source>one for each core</source>
        <translation>每个核心一个</translation>
    </message>
    <message>
        <source>T&amp;hreads</source>
        <translation>线程数(&amp;H)</translation>
    </message>
    <message>
        <source>How many threads evaluate, so that the rest of the computer stays usable</source>
        <translation>用多少线程评测，使计算机其余部分仍可使用</translation>
    </message>
    <message>
        <source>Another number of threads is used when the program starts again.</source>
        <translation>更改后的线程数在程序重新启动后使用。</translation>
    </message>
    <message>
        <source>The program sends nothing and fetches nothing unless you ask for it: only a download of a model that you start uses the network. It has no account, no telemetry and looks for no updates.</source>
        <translation>除非您要求，本程序不发送也不获取任何内容：只有您启动的模型下载才使用网络。它没有账户，没有遥测，也不检查更新。</translation>
    </message>
    <message>
        <source>&amp;Refuse downloads too</source>
        <translation>同样拒绝下载(&amp;R)</translation>
    </message>
    <message>
        <source>Sets HF_HUB_OFFLINE when the program starts again</source>
        <translation>程序重新启动时设置 HF_HUB_OFFLINE</translation>
    </message>
    <message>
        <source>&amp;Keep a crash log on this computer</source>
        <translation>在此计算机上保留崩溃日志(&amp;K)</translation>
    </message>
    <message>
        <source>A short text in %1, which is sent nowhere</source>
        <translation>%1 中的一段简短文本，不会发送到任何地方</translation>
    </message>
    <message>
        <source>&amp;Forget recent stores</source>
        <translation>忘记最近的存储(&amp;F)</translation>
    </message>
    <message>
        <source>Empties the list in the menu; the stores themselves stay</source>
        <translation>清空菜单中的列表；存储本身保留</translation>
    </message>
</context>
<context>
    <name>bitfrontier::QueueModel</name>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>扫描</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Cells</source>
        <translation>单元</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Remaining</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>done, %1 failed</source>
        <translation type="vanished">完成，%1 个失败</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>, %1 reused</source>
        <translation>，%1 个复用</translation>
    </message>
    <message>
        <source>, %1 failed</source>
        <translation>，%1 个失败</translation>
    </message>
    <message>
        <source>%1 · %2 · %3, %4 %</source>
        <translation>%1 · %2 · %3，%4 %</translation>
    </message>
    <message>
        <source>estimating</source>
        <translation>估算中</translation>
    </message>
    <message>
        <source>took %1</source>
        <translation>用时 %1</translation>
    </message>
    <message>
        <source>running, then pauses</source>
        <translation>运行中，随后暂停</translation>
    </message>
    <message>
        <source>ended, %1 failed</source>
        <translation>已结束，%1 个失败</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>Interrupted when the program ended. Resume goes on with what is not stored.</source>
        <translation>程序结束时中断。“继续”可接着进行未存储的部分。</translation>
    </message>
    <message>
        <source>reading model %1 of %2</source>
        <translation>正在读取第 %1 / %2 个模型</translation>
    </message>
    <message>
        <source>%1 · loading</source>
        <translation>%1 · 加载中</translation>
    </message>
    <message>
        <source>%1 · %2 · quantizing layer %3 of %4</source>
        <translation>%1 · %2 · 正在量化第 %3 / %4 层</translation>
    </message>
    <message>
        <source>%1 · %2 · quantizing</source>
        <translation>%1 · %2 · 量化中</translation>
    </message>
    <message>
        <source>%1 (row %2 of %3)</source>
        <translation>%1（第 %2 / %3 行）</translation>
    </message>
</context>
<context>
    <name>bitfrontier::QueuePanel</name>
    <message>
        <source>Sweeps</source>
        <translation>扫描</translation>
    </message>
    <message>
        <source>Errors of the selected sweep</source>
        <translation>所选扫描的错误</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Pauses after the current batch</source>
        <translation>在当前批次后暂停</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stops after the current batch; what is finished stays stored</source>
        <translation>在当前批次后停止；已完成的仍被保存</translation>
    </message>
    <message>
        <source>Remove finished</source>
        <translation>移除已完成的</translation>
    </message>
    <message>
        <source>Takes ended sweeps off the list</source>
        <translation>把已结束的扫描移出列表</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Goes on with the cells that are not done</source>
        <translation>继续未完成的单元</translation>
    </message>
    <message>
        <source>cell</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>cells</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>Bitfrontier</source>
        <translation>Bitfrontier</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Drag, or Alt+Up and Alt+Down, changes the order</source>
        <translation>拖动，或用 Alt+上、Alt+下，可更改次序</translation>
    </message>
    <message>
        <source>Pause after cell</source>
        <translation>单元后暂停</translation>
    </message>
    <message>
        <source>Pauses when the current cell is stored, so that nothing is done twice</source>
        <translation>当前单元存储后暂停，以免重复</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>重试失败的</translation>
    </message>
    <message>
        <source>Runs the failed cells again, but those that ran out of memory</source>
        <translation>重新运行失败的单元，内存不足的除外</translation>
    </message>
    <message>
        <source>Move &amp;up</source>
        <translation>上移(&amp;U)</translation>
    </message>
    <message>
        <source>Runs the selected sweep earlier</source>
        <translation>提前运行所选扫描</translation>
    </message>
    <message>
        <source>Move &amp;down</source>
        <translation>下移(&amp;D)</translation>
    </message>
    <message>
        <source>Runs the selected sweep later</source>
        <translation>推后运行所选扫描</translation>
    </message>
    <message>
        <source>ran out of memory. These are not tried again: leave them out, or use a device with more memory.</source>
        <translation>内存不足。这些不会重试：请略去，或使用内存更大的设备。</translation>
    </message>
    <message>
        <source>could not be written. Make room on the disk, then press Retry failed.</source>
        <translation>无法写入。请在磁盘上腾出空间，然后按“重试失败的”。</translation>
    </message>
    <message>
        <source>could not be read or used. Look at the files named below, then press Retry failed.</source>
        <translation>无法读取或使用。请查看下面列出的文件，然后按“重试失败的”。</translation>
    </message>
    <message>
        <source>gave values that are no numbers. These are not tried again: the checkpoint is damaged, or overflows in 16 bit.</source>
        <translation>得出的值不是数。这些不会重试：检查点已损坏，或在 16 比特下溢出。</translation>
    </message>
    <message>
        <source>failed for another reason, see below.</source>
        <translation>因其他原因失败，见下。</translation>
    </message>
    <message>
        <source>Cancel the sweep and lose %1 of work on the current cell?</source>
        <translation>取消扫描并丢失当前单元 %1 的工作吗？</translation>
    </message>
    <message>
        <source>Finished cells stay stored. &quot;Pause after cell&quot; loses nothing.</source>
        <translation>已完成的单元仍被保存。“单元后暂停”不会丢失任何内容。</translation>
    </message>
    <message>
        <source>Cancel the sweep</source>
        <translation>取消扫描</translation>
    </message>
    <message>
        <source>No sweep is selected that has one before it</source>
        <translation>未选择前面还有扫描的扫描</translation>
    </message>
    <message>
        <source>No sweep is selected that has one after it</source>
        <translation>未选择后面还有扫描的扫描</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ResidualPlot</name>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Residuals of the law</source>
        <translation>定律的残差</translation>
    </message>
    <message>
        <source>Residual (standard deviations)</source>
        <translation>残差（标准差）</translation>
    </message>
    <message>
        <source>Total bits</source>
        <translation>总比特数</translation>
    </message>
    <message>
        <source>%1 points; the largest residual is %2 standard deviations</source>
        <translation>%1 个点；最大残差为 %2 个标准差</translation>
    </message>
</context>
<context>
    <name>bitfrontier::RunsPanel</name>
    <message>
        <source>Points</source>
        <translation>数据点</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>运行</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Points (%1)</source>
        <translation>数据点（%1）</translation>
    </message>
    <message>
        <source>Runs (%1)</source>
        <translation>运行（%1）</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>&amp;Open or close the group</source>
        <translation>展开或折叠该组(&amp;O)</translation>
    </message>
    <message>
        <source>Shows or hides its rows</source>
        <translation>显示或隐藏其行</translation>
    </message>
    <message>
        <source>&amp;Show in the plot</source>
        <translation>在图中显示(&amp;S)</translation>
    </message>
    <message>
        <source>Selects the points of the selected rows</source>
        <translation>选中所选行的点</translation>
    </message>
    <message>
        <source>&amp;Leave out</source>
        <translation>略去(&amp;L)</translation>
    </message>
    <message>
        <source>Only %1</source>
        <translation>仅 %1</translation>
    </message>
    <message>
        <source>Writes %1 into the filter</source>
        <translation>把 %1 写入筛选</translation>
    </message>
    <message>
        <source>&amp;Copy the cell</source>
        <translation>复制单元格(&amp;C)</translation>
    </message>
    <message>
        <source>Copy rows for a s&amp;preadsheet</source>
        <translation>为电子表格复制行(&amp;P)</translation>
    </message>
    <message>
        <source>Copy rows as CS&amp;V</source>
        <translation>复制行为 CSV(&amp;V)</translation>
    </message>
    <message>
        <source>Copy rows as &amp;Markdown</source>
        <translation>复制行为 Markdown(&amp;M)</translation>
    </message>
    <message>
        <source>Copy rows as LaTe&amp;X</source>
        <translation>复制行为 LaTeX(&amp;X)</translation>
    </message>
    <message>
        <source>The selected rows with the columns that are shown</source>
        <translation>所选行及显示的列</translation>
    </message>
    <message>
        <source>&amp;Group by %1</source>
        <translation>按 %1 分组(&amp;G)</translation>
    </message>
    <message>
        <source>Rows that are equal in it stand below one heading</source>
        <translation>在其中相等的行列于同一标题下</translation>
    </message>
    <message>
        <source>&amp;Pin the columns up to %1</source>
        <translation>固定至 %1 的列(&amp;P)</translation>
    </message>
    <message>
        <source>They stay in place when the table is scrolled sideways</source>
        <translation>表格横向滚动时它们保持不动</translation>
    </message>
    <message>
        <source>&amp;Hide %1</source>
        <translation>隐藏 %1(&amp;H)</translation>
    </message>
    <message>
        <source>Hides this column</source>
        <translation>隐藏此列</translation>
    </message>
    <message>
        <source>Hide columns that are the &amp;same in all rows</source>
        <translation>隐藏所有行都相同的列(&amp;S)</translation>
    </message>
    <message>
        <source>What differs is left</source>
        <translation>留下有差别的</translation>
    </message>
    <message>
        <source>&amp;Columns</source>
        <translation>列(&amp;C)</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ShortcutsPage</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>S&amp;earch</source>
        <translation>搜索(&amp;E)</translation>
    </message>
    <message>
        <source>Actions and their keys</source>
        <translation>操作及其按键</translation>
    </message>
    <message>
        <source>New keys</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Press the keys here, for example Ctrl and K</source>
        <translation>在此按下按键，例如 Ctrl 和 K</translation>
    </message>
    <message>
        <source>New &amp;keys</source>
        <translation>新按键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Use them</source>
        <translation>使用(&amp;U)</translation>
    </message>
    <message>
        <source>Gives these keys to the chosen action</source>
        <translation>把这些按键赋给所选操作</translation>
    </message>
    <message>
        <source>&amp;No keys</source>
        <translation>无按键(&amp;N)</translation>
    </message>
    <message>
        <source>Takes the keys of the chosen action away</source>
        <translation>取消所选操作的按键</translation>
    </message>
    <message>
        <source>&amp;Reset</source>
        <translation>重置(&amp;R)</translation>
    </message>
    <message>
        <source>The program&apos;s own keys for this action</source>
        <translation>此操作的默认按键</translation>
    </message>
    <message>
        <source>Reset a&amp;ll</source>
        <translation>全部重置(&amp;L)</translation>
    </message>
    <message>
        <source>The program&apos;s own keys for every action</source>
        <translation>所有操作的默认按键</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>No action has these letters in its name.</source>
        <translation>没有操作的名称含有这些字母。</translation>
    </message>
    <message>
        <source>%1 belongs to “%2”, which will lose it.</source>
        <translation>%1 属于“%2”，后者将失去它。</translation>
    </message>
    <message>
        <source>%1 is free.</source>
        <translation>%1 未被占用。</translation>
    </message>
    <message>
        <source>Choose an action, press its new keys in the field, then “Use them”.</source>
        <translation>选择一个操作，在框中按下新按键，然后点“使用”。</translation>
    </message>
</context>
<context>
    <name>bitfrontier::StoresList</name>
    <message>
        <source>S&amp;tores shown together</source>
        <translation>一同显示的存储(&amp;T)</translation>
    </message>
    <message>
        <source>Add…</source>
        <translation>添加…</translation>
    </message>
    <message>
        <source>Shows the runs of another store too; only what may be compared is joined</source>
        <translation>同时显示另一存储的运行；只连接可比较的</translation>
    </message>
    <message>
        <source>Add a store</source>
        <translation>添加存储</translation>
    </message>
    <message>
        <source>Stores shown together</source>
        <translation>一同显示的存储</translation>
    </message>
    <message>
        <source>Show another store too</source>
        <translation>同时显示另一存储</translation>
    </message>
    <message>
        <source>Stores (*.bfdb);;All files (*)</source>
        <translation>存储 (*.bfdb);;所有文件 (*)</translation>
    </message>
    <message>
        <source>%1 is the open store</source>
        <translation>%1 是打开的存储</translation>
    </message>
</context>
<context>
    <name>bitfrontier::SweepActions</name>
    <message>
        <source>&amp;Resume</source>
        <translation>继续(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>No sweep is running</source>
        <translation>没有扫描在运行</translation>
    </message>
    <message>
        <source>Goes on with the sweep that is paused</source>
        <translation>继续已暂停的扫描</translation>
    </message>
    <message>
        <source>Pauses the sweep after its current batch</source>
        <translation>在当前批次之后暂停扫描</translation>
    </message>
    <message>
        <source>Stops the sweep after its current batch; finished cells stay stored</source>
        <translation>在当前批次之后停止扫描；已完成的单元仍被保存</translation>
    </message>
</context>
<context>
    <name>bitfrontier::SweepJob</name>
    <message>
        <source>model</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>models</source>
        <translation>个模型</translation>
    </message>
    <message>
        <source>configuration</source>
        <translation>个配置</translation>
    </message>
    <message>
        <source>configurations</source>
        <translation>个配置</translation>
    </message>
    <message>
        <source>task</source>
        <translation>个任务</translation>
    </message>
    <message>
        <source>tasks</source>
        <translation>个任务</translation>
    </message>
    <message>
        <source>No cell could be run: all %1 failed</source>
        <translation>没有单元能运行：全部 %1 个失败</translation>
    </message>
    <message>
        <source>The kept queue %1 cannot be read and was set aside: %2</source>
        <translation>保存的队列 %1 无法读取，已搁置：%2</translation>
    </message>
    <message>
        <source>The queue is not kept: %1</source>
        <translation>队列未被保存：%1</translation>
    </message>
    <message>
        <source>cross-entropy %1</source>
        <translation>交叉熵 %1</translation>
    </message>
    <message>
        <source>accuracy %1 %</source>
        <translation>准确率 %1 %</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Resumed</source>
        <translation>已继续</translation>
    </message>
    <message>
        <source>%1 not tried again: the same would happen</source>
        <translation>%1不会重试：结果会相同</translation>
    </message>
    <message>
        <source>cell is</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>cells are</source>
        <translation>个单元</translation>
    </message>
    <message>
        <source>Paused after a cell</source>
        <translation>在单元后暂停</translation>
    </message>
    <message>
        <source>16-bit weights were left in the mapped file to save memory: %1</source>
        <translation>为节省内存，16 比特权重留在映射文件中：%1</translation>
    </message>
    <message>
        <source>%1 run, %2 reused, %3 failed</source>
        <translation>运行 %1，复用 %2，失败 %3</translation>
    </message>
    <message>
        <source>Cancelled: %1</source>
        <translation>已取消：%1</translation>
    </message>
    <message>
        <source>Ended: %1</source>
        <translation>已结束：%1</translation>
    </message>
    <message>
        <source>Started: %1 on %2 into %3</source>
        <translation>已启动：%1，在 %2 上，存入 %3</translation>
    </message>
</context>
<context>
    <name>bitfrontier::SweepLog</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Sweep %1</source>
        <translation>扫描 %1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::TextWindow</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ViewBar</name>
    <message>
        <source>&amp;Y</source>
        <translation>&amp;Y</translation>
    </message>
    <message>
        <source>What is on the vertical axis</source>
        <translation>纵轴上是什么</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>准确率</translation>
    </message>
    <message>
        <source>Cross-entropy</source>
        <translation>交叉熵</translation>
    </message>
    <message>
        <source>&amp;Bits of</source>
        <translation type="vanished">比特计自(&amp;B)</translation>
    </message>
    <message>
        <source>Which weights the total counts, and at how many bits</source>
        <translation type="vanished">总数计入哪些权重，按多少比特</translation>
    </message>
    <message>
        <source>&amp;Colour by</source>
        <translation>着色依据(&amp;C)</translation>
    </message>
    <message>
        <source>How points are divided into series</source>
        <translation>点如何划分为序列</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>比特</translation>
    </message>
    <message>
        <source>Block size</source>
        <translation>块大小</translation>
    </message>
    <message>
        <source>Data type</source>
        <translation>数据类型</translation>
    </message>
    <message>
        <source>Sho&amp;w</source>
        <translation>显示(&amp;W)</translation>
    </message>
    <message>
        <source>Runs made here, results from papers and other programs, or both</source>
        <translation>在此进行的运行，论文和其他程序的结果，或两者</translation>
    </message>
    <message>
        <source>Own runs</source>
        <translation>自己的运行</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>已导入</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>两者</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Filter: opt bits&gt;=3 type:int</source>
        <translation>筛选：opt bits&gt;=3 type:int</translation>
    </message>
    <message>
        <source>Words, field:value or field&gt;=number; all must hold. Also: or, - for not, brackets,
&quot;words in quotes&quot;, lists (family:opt,bloom), ranges (bits:3-5), units (size&lt;10GB).
Fields: model, family, type, config, method, source, task, status,
bits, block, params, acc, ce, size (MB), items.</source>
        <translation>单词、字段:值 或 字段&gt;=数字；须全部满足。另有：or 表示或，- 表示非，括号，
&quot;引号中的词&quot;，列表（family:opt,bloom），范围（bits:3-5），单位（size&lt;10GB）。
字段：model、family、type、config、method、source、task、status、
bits、block、params、acc、ce、size（MB）、items。</translation>
    </message>
    <message>
        <source>%1 of %2 points</source>
        <translation>%1 / %2 个点</translation>
    </message>
    <message>
        <source> (%1 without this metric)</source>
        <translation type="vanished">（%1 个没有此指标）</translation>
    </message>
    <message>
        <source>, %1 incomplete</source>
        <translation>，%1 个不完整</translation>
    </message>
    <message>
        <source>; %1 of them lack some of the tasks that others have</source>
        <translation>；其中 %1 个缺少其他点所有的某些任务</translation>
    </message>
    <message>
        <source>; %1 more are left out because they lack some of the tasks that others have</source>
        <translation>；另有 %1 个因缺少其他点所有的某些任务而被略去</translation>
    </message>
    <message>
        <source>Each point is the mean over the chosen tasks.</source>
        <translation>每个点是所选任务上的均值。</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>参数量</translation>
    </message>
    <message>
        <source>Shows which points are excluded, why, and takes them back</source>
        <translation>显示哪些点被排除、为何，并可收回</translation>
    </message>
    <message>
        <source>%1 excluded</source>
        <translation>排除 %1 个</translation>
    </message>
    <message>
        <source>&amp;All, not joined</source>
        <translation>全部，不相连(&amp;A)</translation>
    </message>
    <message>
        <source>Shows every set, each with its own frontier and laws</source>
        <translation>显示每个集合，各有自己的前沿与定律</translation>
    </message>
    <message>
        <source>%1 (%2 points)</source>
        <translation>%1（%2 个点）</translation>
    </message>
    <message>
        <source>Shows only this set</source>
        <translation>仅显示此集合</translation>
    </message>
    <message>
        <source>%1 sets: %2</source>
        <translation>%1 个集合：%2</translation>
    </message>
    <message>
        <source> and </source>
        <translation> 和 </translation>
    </message>
    <message>
        <source>1 of %1 sets</source>
        <translation>%1 个集合之一</translation>
    </message>
    <message>
        <source>%1 sets</source>
        <translation>%1 个集合</translation>
    </message>
    <message>
        <source>Their points were not scored in the same way, so no law and no frontier joins them.</source>
        <translation>它们的点评分方式不同，因此没有定律和前沿将其相连。</translation>
    </message>
    <message>
        <source>&amp;X</source>
        <translation>&amp;X</translation>
    </message>
    <message>
        <source>What is on the horizontal axis, and which bits it counts</source>
        <translation>横轴上是什么，计入哪些比特</translation>
    </message>
    <message>
        <source>Total bits</source>
        <translation>总比特数</translation>
    </message>
    <message>
        <source>Bits of the linear layers</source>
        <translation>线性层的比特</translation>
    </message>
    <message>
        <source>Bits, all at k bits</source>
        <translation>比特，全部按 k 比特</translation>
    </message>
    <message>
        <source>Memory with context</source>
        <translation>含上下文的内存</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>horizontal</source>
        <translation>横</translation>
    </message>
    <message>
        <source>vertical</source>
        <translation>纵</translation>
    </message>
    <message>
        <source>log</source>
        <translation>对数</translation>
    </message>
    <message>
        <source>Logarithmic %1 axis</source>
        <translation>对数%1轴</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误率</translation>
    </message>
    <message>
        <source>Accuracy − 16 bit</source>
        <translation>准确率 − 16 比特</translation>
    </message>
    <message>
        <source>Accuracy − law</source>
        <translation>准确率 − 定律</translation>
    </message>
    <message>
        <source>Cross-entropy − 16 bit</source>
        <translation>交叉熵 − 16 比特</translation>
    </message>
    <message>
        <source>Cross-entropy − law</source>
        <translation>交叉熵 − 定律</translation>
    </message>
    <message>
        <source> (%1 hidden)</source>
        <translation>（隐藏 %1 个）</translation>
    </message>
    <message>
        <source>Sets of points</source>
        <translation>点的集合</translation>
    </message>
    <message>
        <source>Points that were scored in the same way</source>
        <translation>以相同方式评分的点</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ViewKeeper</name>
    <message>
        <source>show %1</source>
        <translation>显示 %1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ViewLibrary</name>
    <message>
        <source>Saved views could not be read and are kept as %1: %2</source>
        <translation>保存的视图无法读取，已保留为 %1：%2</translation>
    </message>
    <message>
        <source>One saved view could not be read: %1</source>
        <translation>有一个保存的视图无法读取：%1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ViewsModel</name>
    <message>
        <source>%1 (changed)</source>
        <translation>%1（已更改）</translation>
    </message>
    <message>
        <source>Store: %1</source>
        <translation>存储：%1</translation>
    </message>
    <message>
        <source>Filter: %1</source>
        <translation>筛选：%1</translation>
    </message>
    <message>
        <source>%1 excluded points</source>
        <translation>%1 个排除的点</translation>
    </message>
    <message>
        <source>Saved on %1</source>
        <translation>保存于 %1</translation>
    </message>
</context>
<context>
    <name>bitfrontier::ViewsPanel</name>
    <message>
        <source>Save new</source>
        <translation>另存新视图</translation>
    </message>
    <message>
        <source>Saves filter, axes, zoom, exclusions and tables under a name</source>
        <translation>以一个名称保存筛选、坐标轴、缩放、排除和表格</translation>
    </message>
    <message>
        <source>Keep changes</source>
        <translation>保留更改</translation>
    </message>
    <message>
        <source>Saves the changes of the view that is shown</source>
        <translation>保存所显示视图的更改</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Star, rename, copy, share, delete</source>
        <translation>加星、重命名、复制、分享、删除</translation>
    </message>
    <message>
        <source>&amp;Star</source>
        <translation>加星(&amp;S)</translation>
    </message>
    <message>
        <source>Keeps the view at the top of the list, or no longer</source>
        <translation>使视图保持在列表顶部，或取消</translation>
    </message>
    <message>
        <source>&amp;Rename</source>
        <translation>重命名(&amp;R)</translation>
    </message>
    <message>
        <source>Gives the view another name (F2)</source>
        <translation>给视图另一个名称（F2）</translation>
    </message>
    <message>
        <source>&amp;Duplicate</source>
        <translation>创建副本(&amp;D)</translation>
    </message>
    <message>
        <source>Makes a copy of the view</source>
        <translation>复制该视图</translation>
    </message>
    <message>
        <source>D&amp;elete</source>
        <translation>删除(&amp;E)</translation>
    </message>
    <message>
        <source>Deletes the view; can be undone for a while</source>
        <translation>删除视图；可在短时间内撤销</translation>
    </message>
    <message>
        <source>E&amp;xport…</source>
        <translation>导出(&amp;X)…</translation>
    </message>
    <message>
        <source>Writes the view to a file that others can open</source>
        <translation>把视图写入他人可打开的文件</translation>
    </message>
    <message>
        <source>&amp;Import…</source>
        <translation>导入(&amp;I)…</translation>
    </message>
    <message>
        <source>Adds the view of a file</source>
        <translation>添加文件中的视图</translation>
    </message>
    <message>
        <source>Saved views</source>
        <translation>保存的视图</translation>
    </message>
    <message>
        <source>No view is saved yet. A view is all of what you see: filter, axes, zoom, exclusions, order of the tables.</source>
        <translation>尚未保存视图。视图是您所见的全部：筛选、坐标轴、缩放、排除、表格次序。</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>Takes the selected points into laws, frontier and advice again; all when none is selected</source>
        <translation>使选中的点重新参与定律、前沿和建议；未选择时为全部</translation>
    </message>
    <message>
        <source>Excluded points</source>
        <translation>排除的点</translation>
    </message>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>已保存 %1</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>已删除 %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Import a view</source>
        <translation>导入视图</translation>
    </message>
    <message>
        <source>Views (*.json);;All files (*)</source>
        <translation>视图 (*.json);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Export a view</source>
        <translation>导出视图</translation>
    </message>
    <message>
        <source>Views (*.json)</source>
        <translation>视图 (*.json)</translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation>已写入 %1</translation>
    </message>
    <message>
        <source>1 e&amp;xcluded point</source>
        <translation type="vanished">1 个排除的点(&amp;X)</translation>
    </message>
    <message>
        <source>%1 e&amp;xcluded points</source>
        <translation type="vanished">%1 个排除的点(&amp;X)</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>1 excluded point</source>
        <translation>1 个排除的点</translation>
    </message>
    <message>
        <source>%1 excluded points</source>
        <translation>%1 个排除的点</translation>
    </message>
    <message>
        <source>No saved view is selected in the panel</source>
        <translation>面板中未选择保存的视图</translation>
    </message>
</context>
<context>
    <name>bitfrontier::Windows</name>
    <message>
        <source>The last session could not be read: %1</source>
        <translation>上次会话无法读取：%1</translation>
    </message>
    <message>
        <source>Bitfrontier did not end by itself the last time. This is what you saw then.</source>
        <translation>Bitfrontier 上次未正常结束。这是您当时所见。</translation>
    </message>
    <message>
        <source>Start fresh</source>
        <translation>重新开始</translation>
    </message>
    <message>
        <source>%1 is not there any more.</source>
        <translation>%1 已不存在。</translation>
    </message>
</context>
</TS>
