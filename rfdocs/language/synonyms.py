"""What others call what a file calls otherwise: words of PyTorch, Keras, TensorFlow, Caffe, ONNX and of papers.

Each leads to our word, or to a sentence that says how it is written here, or why it is not. Words are told without
capitals, ``_``, ``-``, their module and their number of axes: ``nn.Conv2d`` and ``conv_2d`` are ``conv``.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import cache
from typing import NamedTuple

from rfdocs.spelling import did_you_mean


class Synonym(NamedTuple):
    """Words for ``target``, which is one of ours, or for nothing that we have; ``sentence`` is one on how or why.

    An attribute or a value is meant only where its target is allowed.
    """

    target: str
    words: str
    sentence: str = ""

    @property
    def hint(self) -> str:
        """How the word is to be replaced."""
        return self.sentence or did_you_mean(self.target)


_NO_FIGURE = "leave it out: no figure depends on it"

#: Words for operations.
OPERATIONS = (
    Synonym(
        "conv",
        "conv convolution convolutional convolve conva convlayer pointwiseconv pwconv groupconv groupedconv gconv "
        "atrous atrousconv dilatedconv dilconv convsame patchembed patchembedding patchify partialconv wsconv "
        "stdconv scaledstdconv quantconv spatialconvolution temporalconv temporalconvolution",
    ),
    Synonym(
        "conv",
        "convbn convrelu convbnrelu convbnact convbnactivation convnorm convnormact convnormactivation cbr basicconv "
        "convblock convmodule cbl cbs convbnsilu convbnlrelu",
        "write `{conv: name, kernel: 3, channels: 8, norm: batch, act: relu}`: norm and activation are folded into it",
    ),
    Synonym(
        "depthwise_conv",
        "depthwise depthwiseconv dwconv dw dconv depthwiseconvolution convdw convdepthwise convolutiondepthwise "
        "depthwiseconvnative channelwiseconv depthconv",
    ),
    Synonym(
        "depthwise_conv",
        "separableconv sepconv separableconvolution depthwiseseparable depthwiseseparableconv dsconv dwsconv convsep "
        "xceptionconv separable",
        "write two items: `{depthwise_conv: name.depthwise, kernel: 3}`, then `{conv: name.pointwise, kernel: 1, "
        "channels: 8}`",
    ),
    Synonym(
        "transposed_conv",
        "deconv deconvolution deconvolutional convtranspose transposeconv transposedconv transposeconvolution "
        "transposedconvolution convolutiontranspose convtransposed convt tconv upconv upconvolution "
        "fractionallystridedconv fractionallystrided fractionalconv convbackpropinput convbackpropinputv2 invconv "
        "backwardconv deconvolve spatialfullconvolution",
    ),
    Synonym("maxpool", "maxpool maxpooling poolmax mp subsamplemax spatialmaxpooling"),
    Synonym(
        "avgpool",
        "avgpool avgpooling averagepool averagepooling meanpool meanpooling poolavg avepool spatialaveragepooling "
        "lppool",
    ),
    Synonym(
        "maxpool",
        "pool pooling pool2 spatialpooling stochasticpool mixedpool",
        "write `{maxpool: name, kernel: 2}` or `{avgpool: name, kernel: 2}`",
    ),
    Synonym(
        "maxpool",
        "fractionalmaxpool fractionalmaxpooling",
        "there is none: its windows are chosen at random; `{adaptive_maxpool: name, size: 7}` pools to a size",
    ),
    Synonym(
        "global_avgpool",
        "gap globalavgpool globalavgpooling globalaveragepool globalaveragepooling globalpool globalpooling "
        "spatialmean reducemean mean globalmean avgpoolglobal gapool squeezemean averageglobal globallppool",
    ),
    Synonym("global_maxpool", "gmp globalmaxpool globalmaxpooling reducemax globalmax amax"),
    Synonym(
        "adaptive_avgpool",
        "adaptiveavgpool adaptiveavgpooling adaptiveaveragepool adaptiveaveragepooling adaptivepool adaptivepooling "
        "aap",
    ),
    Synonym("adaptive_maxpool", "adaptivemaxpool adaptivemaxpooling"),
    Synonym("subsample", "subsampling decimate stridedslice everysecond"),
    Synonym(
        "upsample",
        "upsample upsampling upsamplingnearest upsamplingbilinear interpolate interpolation resize resizing "
        "resizenearest resizebilinear resizeimages upscale interp upsamplelike resizelike bilinearupsample "
        "bilinearinterp nearestupsample upsamplenearest upsamplebilinear resizenearestneighbor imageresize rescale",
    ),
    Synonym("unpool", "unpool unpooling maxunpool maxunpooling unpoolmax maxpoolgrad"),
    Synonym(
        "pad",
        "pad padding zeropad zeropadding constantpad reflectionpad reflectpad replicationpad replicatepad "
        "circularpad mirrorpad padv2 symmetricpad edgepad spatialzeropadding spatialreflectionpadding",
    ),
    Synonym("crop", "crop cropping centercrop centrecrop croplike chomp trim cropcenter negativepad unpad"),
    Synonym(
        "correlation",
        "correlation corr correlationlayer costvolume corrvolume correlate "
        "spatialcorrelation spatialcorrelationsampler",
    ),
    Synonym("roll", "roll cyclicshift circshift circularshift"),
    Synonym(
        "pixel_shuffle",
        "pixelshuffle shufflepixels depthtospace subpixel subpixelconv depth2space subpixelshuffle d2s",
    ),
    Synonym(
        "space_to_depth",
        "pixelunshuffle spacetodepth focus reorg space2depth patchmerging unshuffle passthrough squeezespace "
        "pixelunshuffling invertiblesqueeze",
    ),
    Synonym(
        "linear",
        "linear fc dense fullyconnected innerproduct affine gemm ip lin denselayer fullyconnectedlayer "
        "timedistributed classifier head logits noisylinear linearlayer einsumdense mlp perceptron",
    ),
    Synonym(
        "add",
        "add sum addition plus residual residualadd skipadd eltwise eltwisesum elementwiseadd eltwiseadd shortcut "
        "addn addv2 iadd accumulate averagemerge meanmerge sub subtract difference average",
    ),
    Synonym(
        "add",
        "maximum minimum max min eltwisemax elementwisemax",
        "write `add`: a unit reads the same of its inputs, whichever way they are put together",
    ),
    Synonym(
        "concat",
        "concat concatenate cat concatenation join merge concatv2 route depthconcat filterconcat stack hstack "
        "densenetconcat channelconcat",
    ),
    Synonym(
        "multiply",
        "multiply mul times product prod eltwiseprod eltwisemul elementwisemul dot hadamard gate scaleby "
        "multiplication div divide",
    ),
    Synonym(
        "squeeze_excite",
        "se senet seblock semodule selayer squeezeexcite squeezeexcitation squeezeandexcite squeezeandexcitation "
        "sqex squeezeexcitationmodule squeezeexcitationblock channelattention scse effectivese ese eca ecalayer",
        "write `{squeeze_excite: name, squeeze: 4}`; `squeeze` is the channels between its convolutions",
    ),
    Synonym(
        "attention",
        "selfattention multiheadattention mha mhsa msa attentionblock nonlocal nonlocalblock transformer "
        "transformerblock transformerencoder transformerencoderlayer transformerdecoder transformerdecoderlayer vit "
        "vitblock encoderblock dotproductattention scaleddotproductattention additiveattention groupqueryattention "
        "crossattention attn spatialattention cbam axialattention linearattention",
        "write `{attention: name}` where every unit sees the whole map; leave other figures to `parameters` and `macs`",
    ),
    Synonym(
        "window_attention",
        "windowattention windowmsa wmsa swmsa shiftedwindow shiftedwindowattention swin swinblock localattention "
        "swintransformerblock windowedattention blockattention windowmultiheadattention",
        "write `{window_attention: name, window: 7, heads: 2}`, and `shift: 3` in it where the windows are moved",
    ),
    Synonym("grid_attention", "gridattention gridpartition", "write `{grid_attention: name, grid: 3, heads: 2}`"),
    Synonym(
        "neighbourhood_attention",
        "neighbourhoodattention neighborhoodattention natten nablock neighborattention",
        "write `{neighbourhood_attention: name, kernel: 7, heads: 2}`",
    ),
    Synonym("global_context", "gc gcblock globalcontext globalcontextblock contextblock"),
    Synonym(
        "slice",
        "slice split chunk narrow strip channelslice select indexselect gather take channelsplit splitv unbind unstack",
    ),
    Synonym("pad_channels", "padchannels zeropadchannels channelpad padchannel"),
    Synonym("mix_channels", "mixchannels maxout glu channelmax channelmean simplegate argmax"),
    Synonym("layer_scale", "layerscale gamma scale scalelayer skipinit rezero"),
    Synonym(
        "batchnorm",
        "bn batchnorm batchnormalization batchnormalisation fusedbatchnorm fusedbatchnormv3 frozenbatchnorm frozenbn "
        "syncbn syncbatchnorm inplaceabn abn normact bnact evonorm batchrenorm spatialbn normalization normalisation "
        "norm normlayer filterresponsenorm frn batchnormact bnrelu spatialbatchnormalization",
        f"{did_you_mean('batchnorm')} Or `norm: batch` in the layer before it",
    ),
    Synonym(
        "layernorm",
        "ln layernorm layernormalization layernormalisation rmsnorm rmsnormalization channellayernorm layernormalize",
    ),
    Synonym("groupnorm", "gn groupnorm groupnormalization groupnormalisation"),
    Synonym(
        "instancenorm",
        "in instancenorm instancenormalization instancenormalisation pixelnorm l2norm lpnormalization adain "
        "meanvariancenormalization contrastnorm unitnormalization l2normalize grn",
    ),
    Synonym("local_response_norm", "lrn localresponsenorm localresponsenormalization crossmaplrn responsenorm"),
    Synonym(
        "dropout",
        "drop dropout alphadropout spatialdropout featurealphadropout gaussiandropout gaussiannoise dropblock "
        "droppath stochasticdepth noise randomdrop",
    ),
    Synonym(
        "identity",
        "identity noop passthru none skipconnection lambda cast stopgradient detach masking activityregularization "
        "rescaling weightnorm spectralnorm spectralnormalization quantize dequantize quantizelinear dequantizelinear "
        "fakequant contiguous clone copy checkpoint linearactivation",
    ),
    Synonym("channel_shuffle", "channelshuffle shuffle shufflechannel shufflechannels permutechannels shuffleblock"),
    Synonym("flatten", "flatten flattenlayer"),
    Synonym(
        "identity",
        "reshape view permute transpose unsqueeze expanddims unflatten rearrange expand repeatvector squeezedims "
        "tile moveaxis swapaxes",
        "there is none: leave it out where the map stays the same; before a linear layer write `{flatten: name}`, to "
        "trade units for channels `pixel_shuffle` or `space_to_depth`",
    ),
    Synonym("relu", "relu rectify rectifier rectified rectlin threshold clippedrelu thresholdedrelu rrelu"),
    Synonym("relu6", "relu6 clip hardtanh relun clipbyvalue clamp"),
    Synonym("leaky_relu", "lrelu leakyrelu leaky frelu"),
    Synonym("prelu", "prelu parametricrelu"),
    Synonym("elu", "elu celu"),
    Synonym("selu", "selu"),
    Synonym("gelu", "gelu quickgelu geluapproximate"),
    Synonym("silu", "silu"),
    Synonym("swish", "swish memoryefficientswish"),
    Synonym("hard_swish", "hardswish hswish"),
    Synonym("hard_sigmoid", "hardsigmoid hsigmoid"),
    Synonym("mish", "mish"),
    Synonym("sigmoid", "sigmoid logistic sigm logsigmoid"),
    Synonym(
        "tanh",
        "tanh softsign tanhshrink hardshrink softshrink softplus sin cos exp log sqrt abs pow power square snake "
        "bnll erf reciprocal neg sign shrink",
    ),
    Synonym("softmax", "softmax logsoftmax softmin sparsemax"),
    Synonym(
        "group",
        "sequential module modulelist scope namescope block stage layer layers container cell submodule stages "
        "subnet modelist backbone encoder decoder neck",
        "write `{group: name, layers: [...]}`, or give the file a block of that name under `blocks`",
    ),
    Synonym(
        "",
        "basicblock bottleneck residualblock resblock resnetblock inception inceptionmodule inceptionblock fire "
        "firemodule mbconv invertedresidual irblock fusedmbconv denseblock transition downblock upblock doubleconv "
        "convnextblock csp cspblock c3 c2f spp sppf aspp ppm rpn fpn unetblock ghostmodule ghostbottleneck "
        "shuffleunit xceptionblock rrdb resnextblock elan repvggblock repconv osablock hourglass glow",
        "a file makes its own: give it a name under `blocks`, with its layers, and use that name like an operation",
    ),
    Synonym("for", "foreach loop while range each"),
    Synonym(
        "",
        "input inputlayer image data placeholder inputs inputspec",
        "leave it out: the image is the file's `input`, and a layer reads it with `from: input`",
    ),
    Synonym(
        "",
        "output outputs result return",
        "leave it out: every layer's figures are shown, and the last layer is the output",
    ),
    Synonym(
        "",
        "convlstm convgru ssm mamba stackedrnncells timestep hyena rwkv stft spectrogram melspectrogram "
        "stftspectrogram",
        "there is none: a unit of it sees the whole past, or the whole map; where that is the whole map write "
        "`{attention: name}`, and `causal: true` in it where it is the past on one axis",
    ),
    Synonym("fourier", "fourier fft fno fnet spectralconv globalfilter afno ifft rfft irfft dft dct"),
    Synonym(
        "token_mixing",
        "tokenmixing mixer mixerblock tokenmixer tokenmlp mixerlayer",
        "write `{token_mixing: name, hidden: 384}`, with a layer of 1x1 convolutions behind it",
    ),
    Synonym("opaque", "opaque unknown custom plugin blackbox"),
    Synonym("lstm", "lstm lstmcell longshorttermmemory slstm cudnnlstm"),
    Synonym("lstm", "bilstm bidirectional", "write `{lstm: name, channels: 8, axis: width, direction: both}`"),
    Synonym("gru", "gru grucell gatedrecurrentunit cudnngru"),
    Synonym("rnn", "rnn rnncell simplernn simplernncell elman recurrent"),
    Synonym(
        "",
        "embedding embeddingbag positionalencoding positionembedding posembed tokenembedding clstoken wordembedding "
        "reversibleembedding",
        "there is none: an embedding reads no map; begin with the layers that read its output",
    ),
    Synonym(
        "deformable_conv",
        "deformconv deformableconv dcn dcnv1 dcnv2 modulateddeformconv deformablekernel",
        "write `{deformable_conv: name, kernel: 3, padding: 1, channels: 8}`, with `modulated: true` for version 2",
    ),
    Synonym(
        "",
        "gridsample spatialtransformer stn warp affinegrid roialign "
        "roipooling involution dynamicconv condconv pointconv graphconv gcnconv knn",
        "there is none: what a unit reads depends on the image's values or on other data, and not on its place",
    ),
    Synonym(
        "",
        "unfold fold im2col col2im matmul einsum bmm where topk nms scatter anchor priorbox loss crossentropy "
        "bilinearlayer cosinesimilarity pairwisedistance proposal yolo detect",
        "there is none: only layers that read a map place by place have a field; leave it out, or say in `notes` "
        "what is missing",
    ),
    Synonym(
        "conv",
        "causalconv causal",
        "write `{conv: name, kernel: 3, padding: [[2, 0]], channels: 8}`: all of the padding stands before",
    ),
    Synonym(
        "avgpool",
        "blurpool blur antialias",
        "write `{avgpool: name, kernel: 3, stride: 2, padding: 1}`: a fixed filter reads what a pooling reads",
    ),
    Synonym(
        "conv",
        "downsample downsampling reduction",
        "write `{conv: name, kernel: 3, stride: 2, padding: 1, channels: 8}`, or a pooling with a stride",
    ),
    Synonym(
        "relu",
        "activation act nonlinearity actlayer activationlayer",
        "the activation is itself the operation: `{relu: name}`",
    ),
    Synonym(
        "",
        "bias biasadd addbias",
        "leave it out: a layer with weights has biases, unless it says `bias: false` or has a `norm`",
    ),
)

#: Words for attributes, and for the keys of a file: of several with one word the first whose target is allowed.
ATTRIBUTES = (
    Synonym(
        "kernel",
        "kernel kernelsize ksize kernelshape k ks window windowsize filtersize poolsize kernellength kernels "
        "filtershape receptivefield fsize size kernelwidth patchsize kern kernelw kernelh kw kh",
    ),
    Synonym(
        "scale",
        "scale scalefactor factor upscalefactor downscalefactor upsamplefactor blocksize block size ratio upscale "
        "multiplier scales times rate stride strides upfactor",
    ),
    Synonym(
        "squeeze",
        "squeezechannels squeezed hiddenchannels bottleneckchannels rdchannels bottleneck hidden channels",
    ),
    Synonym(
        "squeeze",
        "reduction ratio reductionratio seratio squeezeratio squeezefactor rdratio reductionfactor r",
        "`squeeze` is a number of channels: for a ratio of 16 write `squeeze: $(channels_in // 16)`",
    ),
    Synonym(
        "multiplier",
        "channels filters outchannels depthmultiplier channelmultiplier widthmultiplier expansion numoutput outputs "
        "planes outplanes",
        "`multiplier` is the output's channels per input channel, 1 if it is left out",
    ),
    Synonym(
        "one_slope",
        "channels numparameters sharedaxes shared perchannel numslopes params parameters weights axis dim",
        "write `one_slope: false` where it learns one slope per channel, and nothing where it learns one for all",
    ),
    Synonym(
        "channels",
        "filters nfilters numfilters units outchannels outfeatures outputchannels features numoutput numoutputs "
        "outplanes planes width outputs out cout nout outputdim outdim channelsout dimout numfeatures ochannels outc "
        "numclasses classes dim hidden neurons nodes ch c channel kernels nf colors colours bands size",
    ),
    Synonym(
        "stride",
        "stride strides step steps s subsample subsampling strideshape hop stridew strideh sw sh shift downsample "
        "stridesize by",
    ),
    Synonym("jump", "stride strides totalstride effectivestride downsampling reduction outputstride step"),
    Synonym(
        "dilation",
        "dilation dilations dilationrate rate atrous atrousrate d dil holes hole dilatation dilationfactor rates",
    ),
    Synonym(
        "padding",
        "padding pad pads p paddings padsize padvalues autopad border paddingsize padw padh amount margin margins "
        "cropping paddinglr padlr sides crop",
    ),
    Synonym("padding_mode", "padmode paddingtype padtype bordermode edgemode boundary paddingmode"),
    Synonym("output_padding", "outputpad outpadding outpad adj extrapadding outputpads"),
    Synonym("groups", "groups group ngroups numgroups cardinality g numgroup groupcount"),
    Synonym("bias", "bias usebias biasterm hasbias withbias addbias biases biasenable b"),
    Synonym("bias", "nobias", "write `bias: false`"),
    Synonym(
        "norm",
        "norm normalization normalisation normlayer normalizer normalizerfn normtype layernorm groupnorm "
        "instancenorm normaliser normfn usenorm",
    ),
    Synonym(
        "norm",
        "bn usebn withbn usebatchnorm batchnorm batchnormalization syncbn",
        "write `norm: batch`, or an item of its own: `{batchnorm: name}`",
    ),
    Synonym(
        "act",
        "act activation activationfn activationfunction nonlinearity actlayer actfn nonlin activationlayer "
        "activationtype acttype useact func withrelu",
    ),
    Synonym(
        "ceil_mode",
        "ceilmode ceil roundmode roundingtype pooling rounding roundingmode useceil round poolingconvention",
    ),
    Synonym(
        "size",
        "outputsize outsize targetsize sizes outputshape shape target outputdims newsize resolution height imagesize "
        "hw dims",
    ),
    Synonym(
        "mode",
        "interpolation interpolationmode method resizemode resamplingmode type paddingmode padmode kind upsamplemode "
        "filter resample interp algorithm",
    ),
    Synonym("align_corners", "aligncorners aligncorner corners coordinatetransformationmode aligned align"),
    Synonym("pool", "indices switches partner pooling poolinglayer from"),
    Synonym("multiple", "divisor divisibleby sizedivisor divisible multipleof padto"),
    Synonym("offset", "offset start begin origin topleft shift cropoffset offsets"),
    Synonym("shared", "share tied reuse sharedweights shareweights weightsharing tieweights param sharing"),
    Synonym(
        "parameters",
        "params nparams numparams numparameters weights learned paramcount nparameters variables vars constants "
        "hyperparameters arguments args settings",
    ),
    Synonym(
        "learned",
        "params nparams numparams numparameters numberofparameters parameters weights extra extraparameters "
        "extraparams learnable trainableparameters variables posembed positionembedding positions clstoken gamma "
        "layerscale lsinit gain gains",
        "`learned` is how many numbers a layer learns besides its own: `learned: 768`",
    ),
    Synonym(
        "parameters",
        "numheads heads nheads headdim qkvbias keydim embeddim mlpratio windowsize",
        "leave it out: what it learns and costs stands under `parameters`, `macs`, `macs_per_unit` and `macs_per_pair`",
    ),
    Synonym("macs", "mac multadds madds multiplyadds multiplyaccumulates gmacs"),
    Synonym(
        "macs",
        "flops gflops flop operations ops mflops",
        "write `macs`, multiply-accumulates: half of the operations where each counts as two",
    ),
    Synonym("receptive_field", "rf field receptivefieldsize fieldsize receptive fov"),
    Synonym("receptive_field_min", "rfmin minrf smallestfield receptivefieldmin"),
    Synonym("start", "center centre offset origin startcenter"),
    Synonym("source", "reference ref cite citation cited url paper origin evidence by"),
    Synonym(
        "from",
        "inputs input bottom bottoms source sources src parent parents inbound inboundnodes prev previous reads "
        "tensor tensors x layer after parentlayer fromlayer",
    ),
    Synonym("alias", "aka synonym othername realname target"),
    Synonym("note", "notes comment comments remark remarks description desc doc docs"),
    Synonym("when", "if condition cond enabled enable only unless iff use"),
    Synonym(
        "repeat",
        "repeats times count num number n repetitions numrepeats numlayers numblocks depth loop x nblocks",
    ),
    Synonym("first", "firstblock firstlayer initial"),
    Synonym("title", "name model modelname network networkname label heading fullname"),
    Synonym("family", "familyname group series"),
    Synonym("authors", "author by creators writers people"),
    Synonym("year", "date published publicationyear released when"),
    Synonym("paper", "reference doi arxiv citation publication article cite bibtex papers"),
    Synonym("implementation", "code repo repository framework library source github sourcecode package"),
    Synonym("symbol", "function class call import callable module constructor entrypoint cls path"),
    Synonym("url", "link href address doi arxiv website uri web page pdf github repo"),
    Synonym("tasks", "task application applications usecase purpose tags"),
    Synonym("description", "summary abstract about overview"),
    Synonym("notes", "note comment comments remarks remark"),
    Synonym("input", "inputsize inputshape image imagesize shape inputdim inputres resolution"),
    Synonym("inputs", "images frames inputnames multipleinputs"),
    Synonym("follow", "followed withregardto respect tracked"),
    Synonym("expect", "expected expectations facts tests figures asserts checks"),
    Synonym("layers", "architecture backbone nodes body structure ops graph operations items net modules layer steps"),
    Synonym("blocks", "block functions templates macros definitions defs submodules"),
    Synonym("variants", "models networks configs versions configurations members variant"),
    Synonym("disputes", "dispute differs contested"),
    Synonym("taps", "tap featureinfo featuremaps returnnodes returnlayers outindices endpoints"),
    Synonym("timm", "index featureindex outindex"),
    Synonym("torchvision", "returnnode"),
    Synonym("unverified", "verified verification status"),
    Synonym("layer", "name node at of where"),
    Synonym("network", "id model other name with"),
    Synonym("why", "reason because explanation note"),
    Synonym(
        "",
        "inchannels infeatures inputchannels numinput inplanes cin inputdim indim inputsize inputshape channelsin "
        "nin numfeatures numchannels channels filters inc normalizedshape",
        "leave it out: the channels that a layer reads are known",
    ),
    Synonym(
        "axis",
        "dim dims axes dimension concatdim joinaxis along",
        "write its name, `axis: width`; without it `concat` joins channels",
    ),
    Synonym(
        "",
        "axis dim dims axes startdim enddim dimension concatdim joinaxis splitdim slicepoint",
        "leave it out: only recurrent layers and a `concat` of maps side by side are told their axis",
    ),
    Synonym(
        "",
        "name id title",
        "the name is the value of the operation's key: `{conv: name, kernel: 3, channels: 8}`",
    ),
    Synonym("", "type op optype operation class cls layertype kind", "the operation is itself the key: `{relu: name}`"),
    Synonym(
        "",
        "inplace eps epsilon momentum trackrunningstats p prob probability rate keepprob ratio dropoutrate drop "
        "negativeslope slope alpha beta lambda gamma init initializer kernelinitializer biasinitializer weightfiller "
        "biasfiller regularizer kernelregularizer trainable training requiresgrad frozen dtype device dataformat lr "
        "lrmult decaymult seed weight weights countincludepad returnindices approximate value fill constantvalue "
        "kernelconstraint droppath storageorder divisoroverride maxvalue threshold lower upper min max localsize "
        "numgroups groups group size k inputshape memoryformat temperature noise std mean var trainingmode "
        "movingmean movingvariance axisname",
        _NO_FIGURE,
    ),
    Synonym(
        "",
        "affine elementwiseaffine center scale",
        "a normalisation has two parameters per channel; `instancenorm` is one without",
    ),
    Synonym(
        "",
        "act activation nonlinearity activationfn norm batchnorm bn",
        "write it as an item of its own: `{relu: name}`, `{batchnorm: name}`",
    ),
    Synonym("", "bias usebias biasterm nobias", "leave it out: it has no biases to choose"),
)

#: Words for values.
VALUES = (
    Synonym("same", "sameupper samepad samepadding"),
    Synonym("same_lower", "samelower"),
    Synonym(
        "same",
        "causal left past",
        "write the numbers: all of `dilation * (kernel - 1)` before and none after, `padding: [[2, 0]]` for a kernel "
        "of 3 on one axis",
    ),
    Synonym("same", "full", "write the number: `kernel - 1` on each side, `padding: 2` for a kernel of 3"),
    Synonym("same", "half", "write the number: half of the kernel, `padding: 1` for a kernel of 3"),
    Synonym(
        "same",
        "auto notset explicit default",
        "write the number: `padding: 1`; or `same`, which depends on the size",
    ),
    Synonym("valid", "none no off nopadding", f"{did_you_mean('valid')} Or `0`"),
    Synonym(
        "same",
        "reflect reflection replicate replication zero zeros constant circular wrap edge border mirror symmetric",
        "`padding` says how much; what it holds says `padding_mode`, in a convolution or `pad` (there `mode`)",
    ),
    Synonym("bilinear", "linear trilinear bilinearinterpolation triangle biliner"),
    Synonym("nearest", "nearestneighbor nearestneighbour nn neighbor repeat asymmetric nearestinterpolation"),
    Synonym("length", "time t samples seq", "write `length` of one axis, and `depth` of three"),
    Synonym("depth", "frames d z"),
    Synonym("height", "rows h y vertical"),
    Synonym("width", "columns w x horizontal"),
    Synonym("width", "channels channel filters features", "leave it out: without an axis `concat` joins channels"),
    Synonym("zero", "zeros constant const 0 zeropad none black"),
    Synonym("reflect", "reflection mirror reflect101 symmetric"),
    Synonym("replicate", "replication edge border clamp same repeat nearest"),
    Synonym("batch", "bn batchnorm batchnormalization syncbn true frozenbn syncbatchnorm"),
    Synonym("layer", "ln layernorm layernormalization rms rmsnorm"),
    Synonym("group", "gn groupnorm groupnormalization"),
    Synonym("instance", "in instancenorm instancenormalization"),
    Synonym("none", "no off identity null linear disabled nothing", "write `none`, or leave it out"),
    Synonym("relu", "rectify rectifier true rrelu"),
    Synonym("relu6", "hardtanh clip"),
    Synonym("leaky_relu", "leaky lrelu leakyrelu frelu"),
    Synonym("elu", "celu"),
    Synonym("hard_swish", "hswish hardswish"),
    Synonym("hard_sigmoid", "hsigmoid hardsigmoid"),
    Synonym("sigmoid", "logistic logsigmoid"),
    Synonym("softmax", "logsoftmax"),
    Synonym("true", "ceil ceiling full up pytorch torch", f"{did_you_mean('true', quote='`')} Caffe's rule is `caffe`"),
    Synonym("false", "floor down valid"),
    Synonym("classification", "imageclassification recognition imagerecognition"),
    Synonym("segmentation", "semanticsegmentation instancesegmentation panopticsegmentation"),
    Synonym("detection", "objectdetection facedetection"),
    Synonym("keypoints", "pose poseestimation humanpose landmarks"),
    Synonym("generation", "gan generator imagegeneration diffusion synthesis"),
    Synonym("discrimination", "discriminator critic"),
    Synonym("restoration", "denoising deblurring inpainting derain dehazing"),
    Synonym("super-resolution", "sr superresolution sisr upscaling"),
    Synonym("translation", "imagetranslation styletransfer imagetoimage"),
    Synonym("audio", "speech music sound asr speechrecognition"),
    Synonym("sequence", "text nlp language timeseries"),
    Synonym("video", "actionrecognition action"),
    Synonym("volume", "medical mri ct"),
)


#: What stands for no synonym: a word that nobody uses.
_NONE = Synonym("", "")


def normalised(word: str) -> str:
    """The word as the tables have it.

    >>> [normalised(word) for word in ("nn.Conv2d", "tf.keras.layers.Conv2DTranspose", "BatchNorm3d", "kernel_size")]
    ['conv', 'convtranspose', 'batchnorm', 'kernelsize']
    """
    last = re.split(r"[.:/]+", word[:LONGEST].strip().rstrip("_:()"))[-1]
    return re.sub("(?<![0-9])[123]d(?!epth)", "", re.sub("[_ -]", "", last.lower()))


#: The longest word that is looked up.
LONGEST = 80


@cache
def _by_word(table: tuple[Synonym, ...]) -> dict[str, list[Synonym]]:
    synonyms: dict[str, list[Synonym]] = {}
    for synonym in table:
        for word in synonym.words.split():
            synonyms.setdefault(word, []).append(synonym)
    return synonyms


def operation_synonym(word: str) -> Synonym:
    """What another word for an operation stands for; for a word that nobody uses one without target and hint.

    >>> operation_synonym("Conv2DTranspose").hint, operation_synonym("deconv").target
    ("did you mean 'transposed_conv'?", 'transposed_conv')
    """
    synonyms = _by_word(OPERATIONS)
    last = normalised(word)
    stem = re.sub(r"^(?:lazy|quantized|sync|tf|my)|(?:layer|module|op|block|native|v[0-9])$", "", last)
    return (synonyms.get(last) or synonyms.get(stem) or [_NONE])[0]


def _allowed_synonym(table: tuple[Synonym, ...], word: str, allowed: Container[str]) -> Synonym:
    synonyms = _by_word(table).get(normalised(word), [])
    return next((synonym for synonym in synonyms if not synonym.target or synonym.target in allowed), _NONE)


def is_attribute(word: str) -> bool:
    """Whether the word is an attribute's name, of whatever operation."""
    return any(synonym.target == word for synonym in ATTRIBUTES)


def attribute_synonym(word: str, allowed: Container[str]) -> Synonym:
    """What another word for an attribute stands for: an allowed one, or a hint why there is none, or neither.

    >>> attribute_synonym("kernel_size", ["kernel", "stride"]).target, attribute_synonym("filters", ["kernel"]).target
    ('kernel', '')
    >>> attribute_synonym("dilation_rate", ["dilation"]).hint, attribute_synonym("inplace", ["dilation"]).hint
    ("did you mean 'dilation'?", 'leave it out: no figure depends on it')
    """
    return _allowed_synonym(ATTRIBUTES, word, allowed)


def value_synonym(word: str, allowed: Iterable[str]) -> Synonym:
    """What another word for a value stands for, where that is an allowed one.

    >>> value_synonym("SAME_UPPER", ["same", "valid"]).hint, value_synonym("trilinear", ["nearest", "bilinear"]).hint
    ("did you mean 'same'?", "did you mean 'bilinear'?")
    """
    return _allowed_synonym(VALUES, word, set(allowed))
